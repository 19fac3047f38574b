package dev.masque.core.spi;

/** Why a stream ends before its time, with its code in HTTP/2 (RFC 9113, 7) and HTTP/3 (RFC 9114, 8.1). */
public enum ResetReason {
    /** Nothing is wrong. */
    NO_ERROR(0x0, 0x100),
    /** Nobody wants the stream any more. */
    CANCEL(0x8, 0x10c),
    /** The connection behind a CONNECT was reset or failed. */
    CONNECT_ERROR(0xa, 0x10f),
    /** The request was not looked at: it is safe to send again. */
    REFUSED(0x7, 0x10b),
    /** The message is malformed. */
    MALFORMED(0x1, 0x10e),
    /** The stream was cut short. */
    INCOMPLETE(0x8, 0x10d),
    /** The peer asks too much. */
    EXCESSIVE_LOAD(0xb, 0x107),
    /** A datagram or capsule violates RFC 9297. */
    DATAGRAM_ERROR(0x1, 0x33),
    /** Our own failure. */
    INTERNAL_ERROR(0x2, 0x102),
    /** The whole session was lost; no code on any wire. */
    SESSION_LOST(0x8, 0x10c),
    /** A code that has no name here. */
    OTHER(0x8, 0x10c);

    private final int http2;
    private final int http3;

    ResetReason(int http2, int http3) {
        this.http2 = http2;
        this.http3 = http3;
    }

    /**
     * The code in RST_STREAM.
     *
     * @return an HTTP/2 error code
     */
    public int http2Code() {
        return http2;
    }

    /**
     * The code in RESET_STREAM and STOP_SENDING.
     *
     * @return an HTTP/3 error code
     */
    public int http3Code() {
        return http3;
    }

    /**
     * The reason that an HTTP/2 peer gave.
     *
     * @param code the code of its RST_STREAM
     * @return the reason, {@link #OTHER} if the code has no name here
     */
    public static ResetReason ofHttp2(long code) {
        for (ResetReason reason : values()) {
            if (reason.http2 == code) {
                return reason;
            }
        }
        return OTHER;
    }

    /**
     * The reason that an HTTP/3 peer gave.
     *
     * @param code the code of its RESET_STREAM or STOP_SENDING
     * @return the reason, {@link #OTHER} if the code has no name here
     */
    public static ResetReason ofHttp3(long code) {
        for (ResetReason reason : values()) {
            if (reason.http3 == code) {
                return reason;
            }
        }
        return OTHER;
    }
}
