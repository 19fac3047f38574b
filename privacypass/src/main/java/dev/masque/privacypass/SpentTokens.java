package dev.masque.privacypass;

import java.time.Clock;
import java.time.Instant;

/**
 * Remembers which tokens were used, so that each is used once. Proxies that take the same tokens share one. Called by many
 * threads at once; may block.
 *
 * <p>What is remembered must outlive a crash as long as the key does: a memory of one process is enough only where the
 * key lives no longer than the process, or the challenge is bound to it.
 */
@FunctionalInterface
public interface SpentTokens {
    /**
     * Marks a token as used, if it is not, in one step.
     *
     * @param keyId the id of the key that it was made with, 32 bytes
     * @param nonce the nonce of the token, 32 bytes; a good token with this nonce and key is one and the same
     * @param until when the key has expired for sure, and the token may be forgotten
     * @return whether it was not used before: to one caller alone
     * @throws SpentTokensUnavailableException if it cannot be told; the token is then refused
     */
    boolean spend(Bytes keyId, Bytes nonce, Instant until) throws SpentTokensUnavailableException;

    /**
     * A memory in this process: exact, and gone with the process. About 43 to 60 bytes for each token and 40 KB for each
     * key, forgotten when the key expires.
     *
     * @param mostTokens how many it keeps in all; when full, no token is taken
     * @return a new, empty one
     */
    static SpentTokens inMemory(long mostTokens) {
        return new MemorySpentTokens(mostTokens, Clock.systemUTC());
    }
}
