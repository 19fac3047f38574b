package dev.masque.core.wire;

import dev.masque.core.MalformedException;
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

    /**
     * A sink for UDP proxying: what is over the limit is dropped in an unknown context, and an error in that of UDP payloads.
     * RFC 9298, 5.
     *
     * @param datagrams takes what is within the limit, which is to be at least {@link #MAX_UDP_PAYLOAD} and a context id
     * @return a sink for a {@link CapsuleDecoder}
     */
    public static CapsuleDecoder.Sink strict(CapsuleDecoder.Sink datagrams) {
        return new CapsuleDecoder.Sink() {
            @Override
            public void datagram(ByteBuffer payload) throws MalformedException {
                datagrams.datagram(payload);
            }

            @Override
            public void oversized(long contextId) throws MalformedException {
                if (contextId == UDP) {
                    throw new MalformedException("a payload that no UDP packet has");
                }
            }
        };
    }
}
