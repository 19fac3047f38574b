package dev.masque.server.auth;

import dev.masque.core.ProxyAuthorization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Named pre-shared keys that can change while the server runs. Thread-safe. Holds digests, not keys; comparing takes the
 * same time whichever key matches, or none.
 */
public final class PresharedKeys {
    private volatile Map<String, byte[]> digests;

    private PresharedKeys(Map<String, byte[]> digests) {
        this.digests = digests;
    }

    /**
     * Keys by name.
     *
     * @param keys a key is one or more visible ASCII characters; a name is what events and limits call its holder
     * @return the keys
     * @throws IllegalArgumentException if there is none, a name is empty, or a key has other characters
     */
    public static PresharedKeys of(Map<String, String> keys) {
        return new PresharedKeys(digests(keys));
    }

    /**
     * Takes other keys from now on. Tunnels that stand stay.
     *
     * @param keys as in {@link #of}; to rotate, first add the new one under a name of its own, later leave out the old
     * @throws IllegalArgumentException as in {@link #of}; the keys then stay as they were
     */
    public void replace(Map<String, String> keys) {
        digests = digests(keys);
    }

    private static Map<String, byte[]> digests(Map<String, String> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no pre-shared key");
        }
        Map<String, byte[]> digests = new TreeMap<>();
        keys.forEach((name, key) -> {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a pre-shared key without a name");
            }
            ProxyAuthorization.preshared(key); // checks its characters
            digests.put(name, digest(key));
        });
        return digests;
    }

    /** The name of a key; looks at all of them, so that the time does not tell which one was near. */
    Optional<String> nameOf(String key) {
        byte[] presented = digest(key);
        String found = "";
        for (Map.Entry<String, byte[]> entry : digests.entrySet()) {
            boolean same = MessageDigest.isEqual(entry.getValue(), presented);
            found = same ? entry.getKey() : found;
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The names alone. */
    @Override
    public String toString() {
        return "PresharedKeys" + digests.keySet();
    }
}
