package dev.masque.kwik;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;

/** What either side of a session has said of its end with GOAWAY, RFC 9114, 5.2. Written on the session's executor. */
final class Goaway {
    private static final long NONE = Long.MAX_VALUE;

    private final boolean server;
    private volatile long ours = NONE;
    private volatile long peers = NONE;

    Goaway(boolean server) {
        this.server = server;
    }

    /**
     * Says that no stream is taken from an id on.
     *
     * @return false if it was said before
     */
    boolean send(StreamWriter control, long nextRequest) {
        if (wasSent()) {
            return false;
        }
        ours = nextRequest;
        long id = server ? nextRequest : 0; // a client's is of pushes
        ByteBuffer payload = ByteBuffer.allocate(VarInt.length(id));
        VarInt.write(payload, id);
        control.frame(H3.GOAWAY, payload.flip());
        control.flush();
        return true;
    }

    /**
     * The peer sent one, which {@link ControlStream} checked.
     *
     * @return whether it was the first
     */
    boolean received(long id) {
        boolean first = peers == NONE;
        peers = Math.min(id, NONE - 1);
        return first;
    }

    boolean wasSent() {
        return ours != NONE;
    }

    /** Whether a side has said it. */
    boolean isDraining() {
        return wasSent() || peers != NONE;
    }

    /** Whether we still take a request of the peer. */
    boolean takes(long stream) {
        return stream < ours;
    }

    /** Whether the peer takes a request of ours. */
    boolean isWelcome(long stream) {
        return server || stream < peers;
    }
}
