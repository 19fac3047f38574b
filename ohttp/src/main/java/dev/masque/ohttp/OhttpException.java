package dev.masque.ohttp;

import java.io.IOException;

/**
 * An Oblivious HTTP message or key configuration that is not acceptable. Its message holds no key and nothing of what was
 * encapsulated.
 */
public final class OhttpException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong. */
    private final Kind kind;

    /** What is wrong. */
    public enum Kind {
        /** It does not have the form it must have. */
        MALFORMED,
        /** It is for a key, or for algorithms, that are not known here (RFC 9458, 5.3). */
        UNKNOWN_KEY,
        /** It does not open: made for another key, or changed on its way. */
        UNDECRYPTABLE,
        /** It ended before its final chunk. */
        TRUNCATED,
        /** It is larger than this side takes. */
        TOO_LARGE
    }

    /**
     * A message that is not acceptable.
     *
     * @param kind what is wrong
     * @param message the same in words; without any secret
     */
    public OhttpException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /**
     * What is wrong.
     *
     * @return to act upon
     */
    public Kind kind() {
        return kind;
    }
}
