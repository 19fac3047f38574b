package dev.masque.privacypass.wallet;

import dev.masque.privacypass.Token;
import java.time.Instant;

/** A token with the time until which it may be kept. */
record Held(Token token, Instant expires) {}
