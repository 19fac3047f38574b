package dev.masque.core.wire;

import dev.masque.core.MalformedException;

/** A peer's field section or QPACK stream is malformed, RFC 9204, section 6. */
public final class QpackException extends MalformedException {
    private static final long serialVersionUID = 1L;

    /** The HTTP/3 error code. */
    private final int code;

    QpackException(Code code, String message) {
        super(message);
        this.code = code.value;
    }

    /**
     * What the connection is closed with.
     *
     * @return an HTTP/3 error code: 0x200, 0x201, 0x202, or 0x107 for a section over the limit
     */
    public int code() {
        return code;
    }

    enum Code {
        EXCESSIVE_LOAD(0x107),
        DECOMPRESSION_FAILED(0x200),
        ENCODER_STREAM(0x201),
        DECODER_STREAM(0x202);

        private final int value;

        Code(int value) {
            this.value = value;
        }
    }
}
