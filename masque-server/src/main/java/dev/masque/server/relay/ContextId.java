package dev.masque.server.relay;

import java.nio.ByteBuffer;

/** The id in front of an HTTP Datagram's payload, RFC 9298, section 4. Without state. */
final class ContextId {
    /** The context of UDP payloads. */
    static final int UDP_PAYLOADS = 0;

    /** The largest UDP payload, RFC 9298, section 5. */
    static final int MAX_UDP_PAYLOAD = 65527;

    private ContextId() {}

    /** Reads a variable-length integer (RFC 9000, 16) of any length; -1 if the payload ends in it. */
    static long read(ByteBuffer payload) {
        if (!payload.hasRemaining()) {
            return -1;
        }
        int first = payload.get() & 0xff;
        int more = (1 << (first >> 6)) - 1;
        if (payload.remaining() < more) {
            return -1;
        }
        long value = first & 0x3f;
        for (int i = 0; i < more; i++) {
            value = value << 8 | payload.get() & 0xff;
        }
        return value;
    }
}
