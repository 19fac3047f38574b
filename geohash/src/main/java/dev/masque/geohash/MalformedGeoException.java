package dev.masque.geohash;

import java.io.IOException;

/** Text from outside is no geohash, hint, attestation or list of keys. */
public final class MalformedGeoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the text. */
    public enum Reason {
        /** There is nothing. */
        EMPTY,
        /** More characters than the form can have. */
        TOO_LONG,
        /** The form itself: a quote, a dash, a parameter, an encoding. */
        SYNTAX,
        /** The part in the place of the geohash is none. */
        GEOHASH,
        /** The part in the place of the country is no ISO 3166-1 alpha-2 code. */
        COUNTRY,
        /** A version this library does not know. */
        VERSION,
        /** A key is not an Ed25519 key. */
        KEY
    }

    /** What {@link #reason()} gives. */
    private final Reason reason;

    MalformedGeoException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * What is wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
