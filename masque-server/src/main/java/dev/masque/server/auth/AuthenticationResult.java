package dev.masque.server.auth;

import java.time.Duration;

/** What an {@link Authenticator} found. Immutable. */
public sealed interface AuthenticationResult {
    /**
     * The client may use the proxy.
     *
     * @param principal whom its tunnels are accounted to
     */
    record Accepted(Principal principal) implements AuthenticationResult {}

    /** There are no credentials of this kind; another authenticator may find its own. */
    record Absent() implements AuthenticationResult {}

    /** There are credentials, and they are not good. */
    record Rejected() implements AuthenticationResult {}

    /**
     * It cannot be told now, because something that is needed cannot be reached.
     *
     * @param retryAfter when it is worth trying again
     */
    record Unavailable(Duration retryAfter) implements AuthenticationResult {}
}
