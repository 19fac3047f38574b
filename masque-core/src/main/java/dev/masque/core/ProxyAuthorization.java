package dev.masque.core;

import java.util.Locale;
import java.util.Optional;

/**
 * The value of {@code Proxy-Authorization} (RFC 9110, 11.7.2) in its two parts. Immutable.
 *
 * @param scheme the scheme, lower case
 * @param credentials what follows, without the white space around it; empty if there is nothing
 */
public record ProxyAuthorization(String scheme, String credentials) {
    /** The name of the field, lower case. */
    public static final String NAME = "proxy-authorization";

    /** The scheme of pre-shared keys. */
    public static final String PRESHARED = "preshared";

    /** The scheme of Privacy Pass tokens, RFC 9577. */
    public static final String PRIVATE_TOKEN = "privatetoken";

    /**
     * Splits a field value.
     *
     * @param value the field value
     * @return empty if it does not start with a scheme
     */
    public static Optional<ProxyAuthorization> parse(String value) {
        String trimmed = value.strip();
        int end = 0;
        while (end < trimmed.length() && isTokenCharacter(trimmed.charAt(end))) {
            end++;
        }
        boolean separated = end == trimmed.length() || trimmed.charAt(end) == ' ';
        if (end == 0 || !separated) {
            return Optional.empty();
        }
        return Optional.of(new ProxyAuthorization(
                trimmed.substring(0, end).toLowerCase(Locale.ROOT),
                trimmed.substring(end).strip()));
    }

    /**
     * The field value of a pre-shared key.
     *
     * @param key visible ASCII characters, at least one
     * @return {@code Preshared <key>}
     * @throws IllegalArgumentException if the key has other characters
     */
    public static String preshared(String key) {
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a pre-shared key is one or more visible ASCII characters");
        }
        return "Preshared " + key;
    }

    private static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** The scheme alone. */
    @Override
    public String toString() {
        return scheme;
    }
}
