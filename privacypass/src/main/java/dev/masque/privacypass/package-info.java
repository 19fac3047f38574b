/** Privacy Pass (RFC 9576, 9577, 9578): wire values, authentication scheme, and the roles of client, issuer and origin. */
package dev.masque.privacypass;
