/** Verifiable oblivious pseudorandom functions (RFC 9497) with their groups: P-384, ristretto255 and P-256. */
package dev.masque.privacypass.voprf;
