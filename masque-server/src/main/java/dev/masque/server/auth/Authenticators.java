package dev.masque.server.auth;

import java.util.Map;

/** The authenticators that come with the server. */
public final class Authenticators {
    private Authenticators() {}

    /**
     * Accepts {@code Proxy-Authorization: Preshared <key>} with one of several keys.
     *
     * @param keys the keys; {@link PresharedKeys#replace} changes them while the server runs
     * @return an authenticator
     */
    public static Authenticator preshared(PresharedKeys keys) {
        return new PresharedAuthenticator(keys);
    }

    /**
     * Accepts {@code Proxy-Authorization: Preshared <key>} with one of several keys that do not change.
     *
     * @param keys keys by name; a key is one or more visible ASCII characters
     * @return an authenticator
     */
    public static Authenticator preshared(Map<String, String> keys) {
        return preshared(PresharedKeys.of(keys));
    }
}
