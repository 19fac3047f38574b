/** Privacy Pass over HTTP: handlers for any server, a client on the JDK's. RFC 9578, 4 to 6. */
package dev.masque.privacypass.http;
