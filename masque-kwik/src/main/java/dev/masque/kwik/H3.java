package dev.masque.kwik;

/** The numbers of HTTP/3, RFC 9114, and of HTTP Datagrams on it, RFC 9297. */
final class H3 {
    // frames, RFC 9114, 7.2 and 11.2.1
    static final long DATA = 0x0;
    static final long HEADERS = 0x1;
    static final long CANCEL_PUSH = 0x3;
    static final long SETTINGS = 0x4;
    static final long PUSH_PROMISE = 0x5;
    static final long GOAWAY = 0x7;
    static final long MAX_PUSH_ID = 0xd;

    // streams, RFC 9114, 6.2; RFC 9204, 4.2
    static final long CONTROL_STREAM = 0x0;
    static final long PUSH_STREAM = 0x1;
    static final long ENCODER_STREAM = 0x2;
    static final long DECODER_STREAM = 0x3;

    // errors, RFC 9114, 8.1; RFC 9297, 5.2
    static final long DATAGRAM_ERROR = 0x33;
    static final long NO_ERROR = 0x100;
    static final long GENERAL_PROTOCOL_ERROR = 0x101;
    static final long INTERNAL_ERROR = 0x102;
    static final long STREAM_CREATION_ERROR = 0x103;
    static final long CLOSED_CRITICAL_STREAM = 0x104;
    static final long FRAME_UNEXPECTED = 0x105;
    static final long FRAME_ERROR = 0x106;
    static final long EXCESSIVE_LOAD = 0x107;
    static final long ID_ERROR = 0x108;
    static final long SETTINGS_ERROR = 0x109;
    static final long MISSING_SETTINGS = 0x10a;
    static final long REQUEST_REJECTED = 0x10b;
    static final long MESSAGE_ERROR = 0x10e;

    private H3() {}

    /** Frame types of HTTP/2 that HTTP/3 has no use for, RFC 9114, 7.2.8. */
    static boolean isReservedFrame(long type) {
        return type == 0x2 || type == 0x6 || type == 0x8 || type == 0x9;
    }
}
