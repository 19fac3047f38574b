package dev.masque.ohttp.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** The problem types of Oblivious HTTP (RFC 9457; RFC 9458, 5.3 and 6.5.2). */
public enum Problem {
    /** Nothing to say. */
    NONE("", ""),
    /** The request names a key that is not known. */
    UNKNOWN_KEY("ohttp-key", "key identifier unknown"),
    /** The request does not open with the key that it names. */
    WRONG_KEY("ohttp-key", "not encapsulated with the current key"),
    /** The request's Date is outside of the window. */
    DATE("date", "date field in request outside of acceptable range");

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private final String type;
    private final String title;

    Problem(String type, String title) {
        this.type = type;
        this.title = title;
    }

    /**
     * The problem as content.
     *
     * @return content of type {@link #MEDIA_TYPE}; empty if there is nothing to say
     */
    public ByteBuffer content() {
        return this == NONE
                ? ByteBuffer.allocate(0)
                : US_ASCII.encode("{\"type\":\"https://iana.org/assignments/http-problem-types#" + type
                        + "\",\"title\":\"" + title + "\"}");
    }
}
