package dev.masque.server.event;

/**
 * The authenticators were asked. Immutable.
 *
 * @param connection the number of the connection
 * @param method the method that accepted or rejected, {@code none} if there were no credentials or the proxy is open
 * @param outcome what they said
 */
public record AuthenticationChecked(long connection, String method, Outcome outcome) {
    /** What authenticators can say. */
    public enum Outcome {
        /** The client may. */
        ACCEPTED,
        /** The credentials are not good. */
        REJECTED,
        /** There are none. */
        ABSENT,
        /** It cannot be told now. */
        UNAVAILABLE
    }
}
