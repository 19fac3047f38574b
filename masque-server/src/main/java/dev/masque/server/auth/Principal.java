package dev.masque.server.auth;

/**
 * Whom a tunnel is accounted to. Immutable.
 *
 * @param method how it was authenticated, such as {@code preshared}; lower case
 * @param name the name that configuration gives it, never a credential; limits per principal are kept by it. Empty if all
 *     that the method says is that the client may: limits are then kept by the network that the client comes from
 */
public record Principal(String method, String name) {
    /** A client of an open proxy. */
    public static final Principal ANYONE = new Principal("none", "");
}
