package dev.masque.core.tls;

import dev.masque.core.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;

/**
 * By what a raw public key (RFC 7250) is known: the SHA-256 hash of its SubjectPublicKeyInfo. Immutable.
 *
 * @param sha256 32 bytes
 */
public record RawKeyPin(Bytes sha256) {
    private static final String PREFIX = "sha256/";
    private static final int LENGTH = 32;

    /** Checks the length. */
    public RawKeyPin {
        if (sha256.size() != LENGTH) {
            throw new IllegalArgumentException("a pin is no SHA-256 hash");
        }
    }

    /**
     * Reads a pin.
     *
     * @param text base64 of the hash, with or without {@code sha256/} before it
     * @return the pin
     * @throws IllegalArgumentException if it is something else
     */
    public static RawKeyPin parse(String text) {
        String base64 = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        return new RawKeyPin(Bytes.copyOf(Base64.getDecoder().decode(base64)));
    }

    /**
     * The pin of a key.
     *
     * @param key a public key
     * @return its pin
     */
    public static RawKeyPin of(PublicKey key) {
        return ofInfo(Bytes.copyOf(key.getEncoded()));
    }

    /**
     * The pin of a key as it stands in a handshake.
     *
     * @param info the DER of its SubjectPublicKeyInfo, RFC 5280, 4.1
     * @return its pin
     */
    public static RawKeyPin ofInfo(Bytes info) {
        try {
            return new RawKeyPin(
                    Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(info.toArray())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return PREFIX + Base64.getEncoder().encodeToString(sha256.toArray());
    }
}
