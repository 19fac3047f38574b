package dev.masque.server.auth;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Finds out whether a client may use the proxy. Thread-safe. Several are asked in turn until one accepts; if none does the
 * request is refused, so that an empty list refuses everyone.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Looks at a request. Called on the connection's own thread, so it must not block: what takes time completes the stage
     * later, on any thread. An exception, thrown or in the stage, counts as {@link AuthenticationResult.Unavailable}.
     *
     * @param request what there is to look at
     * @return completes with the result
     */
    CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request);

    /**
     * The challenge that a refused client gets in {@code Proxy-Authenticate} or {@code WWW-Authenticate} (RFC 9110, 11.6).
     *
     * @param request what was refused
     * @return a challenge such as {@code Preshared}, empty if there is none to make
     */
    default Optional<String> challenge(AuthenticationRequest request) {
        return Optional.empty();
    }

    /**
     * The method, for events.
     *
     * @return lower case, such as {@code preshared}
     */
    default String method() {
        return "custom";
    }
}
