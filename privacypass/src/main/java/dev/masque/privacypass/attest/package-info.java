/** The attester: who may ask an issuer for tokens, and how many, without the issuer learning who asks. RFC 9576, 3.2. */
package dev.masque.privacypass.attest;
