package dev.masque.core.http3;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;

/** The numbers of HTTP/3, RFC 9114, and of HTTP Datagrams on it, RFC 9297. */
public final class H3 {
    // frames, RFC 9114, 7.2 and 11.2.1
    /** The frame of content. */
    public static final long DATA = 0x0;
    /** The frame of a field section. */
    public static final long HEADERS = 0x1;
    /** The frame that cancels a push. */
    public static final long CANCEL_PUSH = 0x3;
    /** The frame of settings. */
    public static final long SETTINGS = 0x4;
    /** The frame that promises a push. */
    public static final long PUSH_PROMISE = 0x5;
    /** The frame that says that there will be an end. */
    public static final long GOAWAY = 0x7;
    /** The frame that allows pushes. */
    public static final long MAX_PUSH_ID = 0xd;

    // streams, RFC 9114, 6.2; RFC 9204, 4.2
    /** The stream of settings. */
    public static final long CONTROL_STREAM = 0x0;
    /** A stream of a push. */
    public static final long PUSH_STREAM = 0x1;
    /** The stream of QPACK's encoder. */
    public static final long ENCODER_STREAM = 0x2;
    /** The stream of QPACK's decoder. */
    public static final long DECODER_STREAM = 0x3;

    // errors, RFC 9114, 8.1; RFC 9297, 5.2
    /** A datagram or capsule is malformed. */
    public static final long DATAGRAM_ERROR = 0x33;
    /** No error. */
    public static final long NO_ERROR = 0x100;
    /** The peer violated the protocol. */
    public static final long GENERAL_PROTOCOL_ERROR = 0x101;
    /** An error of this side. */
    public static final long INTERNAL_ERROR = 0x102;
    /** A stream that may not be. */
    public static final long STREAM_CREATION_ERROR = 0x103;
    /** A stream that has to last was closed. */
    public static final long CLOSED_CRITICAL_STREAM = 0x104;
    /** A frame out of place. */
    public static final long FRAME_UNEXPECTED = 0x105;
    /** A frame is malformed. */
    public static final long FRAME_ERROR = 0x106;
    /** More than this side takes. */
    public static final long EXCESSIVE_LOAD = 0x107;
    /** An id that cannot be. */
    public static final long ID_ERROR = 0x108;
    /** A setting that cannot be. */
    public static final long SETTINGS_ERROR = 0x109;
    /** No SETTINGS at the start. */
    public static final long MISSING_SETTINGS = 0x10a;
    /** A request that was not looked at. */
    public static final long REQUEST_REJECTED = 0x10b;
    /** A message is malformed. */
    public static final long MESSAGE_ERROR = 0x10e;

    private H3() {}

    /**
     * A whole frame.
     *
     * @param type of the frame
     * @param payload what it holds; read to its end
     * @return a buffer ready to be read
     */
    public static ByteBuffer frame(long type, ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(VarInt.length(type) + VarInt.length(length) + length);
        VarInt.write(frame, type);
        VarInt.write(frame, length);
        return frame.put(payload).flip();
    }

    /** Frame types of HTTP/2 that HTTP/3 has no use for, RFC 9114, 7.2.8. */
    static boolean isReservedFrame(long type) {
        return type == 0x2 || type == 0x6 || type == 0x8 || type == 0x9;
    }
}
