package dev.masque.ohttp.bhttp;

import java.io.IOException;
import java.util.function.Supplier;

/** A binary message that must not be processed further, RFC 9292, section 4. The message quotes nothing of what was read. */
public final class BinaryHttpException extends IOException {
    private static final long serialVersionUID = 1;

    /** Why a message was refused. */
    public enum Kind {
        /** The bytes break a rule of the format or of HTTP. */
        INVALID,
        /** The input ended where a message cannot end. */
        TRUNCATED,
        /** Something is larger than {@link BinaryHttpLimits} allow. */
        TOO_LARGE
    }

    /** Why. */
    private final Kind kind;

    BinaryHttpException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What a constructor refuses is an invalid message; our messages quote nothing. */
    static <T> T valid(Supplier<T> part) throws BinaryHttpException {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            throw new BinaryHttpException(Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Why.
     *
     * @return the kind of refusal
     */
    public Kind kind() {
        return kind;
    }
}
