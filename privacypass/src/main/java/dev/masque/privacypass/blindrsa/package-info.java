/** Blind RSA signatures (RFC 9474) and partially blind ones, with the key encodings of Privacy Pass. */
package dev.masque.privacypass.blindrsa;
