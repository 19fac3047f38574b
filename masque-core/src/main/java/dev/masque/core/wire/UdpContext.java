package dev.masque.core.wire;

import java.nio.ByteBuffer;

/** HTTP Datagram Payloads of UDP proxying: a context id, then a UDP payload. RFC 9298, section 5. Without state. */
public final class UdpContext {
    /** The largest UDP payload, RFC 9298, 5. */
    public static final int MAX_UDP_PAYLOAD = 65_527;

    /** The context id of UDP payloads. */
    public static final long UDP = 0;

    private UdpContext() {}

    /**
     * Reads the context id; what then remains is the payload.
     *
     * @param payload an HTTP Datagram Payload
     * @return the context id; -1 if the payload is too short to have one
     */
    public static long readContextId(ByteBuffer payload) {
        return VarInt.read(payload);
    }
}
