/** Tokens kept ahead of need. */
package dev.masque.privacypass.wallet;
