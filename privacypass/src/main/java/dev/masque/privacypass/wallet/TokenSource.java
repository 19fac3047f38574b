package dev.masque.privacypass.wallet;

import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Where a wallet gets tokens from. Called by the wallet's own threads; may block, for a bounded time. */
@FunctionalInterface
public interface TokenSource {
    /**
     * Gets new tokens.
     *
     * @param challenge what they shall answer
     * @param count how many; more or fewer may come
     * @return the tokens
     * @throws IOException if they cannot be had for now
     * @throws PrivacyPassException if they are refused
     */
    Supply fetch(TokenChallenge challenge, int count) throws IOException, PrivacyPassException;

    /**
     * New tokens.
     *
     * @param tokens the tokens, used nowhere else
     * @param expires until when they may be kept
     */
    record Supply(List<Token> tokens, Instant expires) {
        /** Copies the list. */
        public Supply {
            tokens = List.copyOf(tokens);
        }
    }
}
