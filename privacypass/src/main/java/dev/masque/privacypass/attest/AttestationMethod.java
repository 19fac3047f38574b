package dev.masque.privacypass.attest;

import java.util.Optional;

/**
 * Tells who a client is, from what it shows. Called by many threads at once, once for every request; may block for as long
 * as a client may wait. What it throws ends the request with status 500.
 */
@FunctionalInterface
public interface AttestationMethod {
    /**
     * Tells who a client is.
     *
     * @param evidence what it shows
     * @return a name that is the same whenever this client comes, to count its tokens by; empty if it shows nothing that
     *     this method knows, or nothing good
     */
    Optional<String> attest(Evidence evidence);

    /**
     * What to tell clients that showed nothing good.
     *
     * @return the value of a {@code WWW-Authenticate} field; empty if there is none that helps
     */
    default Optional<String> challenge() {
        return Optional.empty();
    }
}
