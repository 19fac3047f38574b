package dev.masque.core.http3;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What either side of a session has said of its end with GOAWAY, RFC 9114, 5.2. Written on the session's executor. */
public final class Goaway {
    private static final long NONE = Long.MAX_VALUE;

    private final boolean server;
    private volatile long ours = NONE;
    private volatile long peers = NONE;

    /**
     * For one session.
     *
     * @param server whether this side is one
     */
    public Goaway(boolean server) {
        this.server = server;
    }

    /**
     * Says that no stream is taken from an id on.
     *
     * @param nextRequest the id
     * @return the frame to be sent, or null if it was said before
     */
    @Nullable public ByteBuffer send(long nextRequest) {
        if (wasSent()) {
            return null;
        }
        ours = nextRequest;
        long id = server ? nextRequest : 0; // a client's is of pushes
        ByteBuffer payload = ByteBuffer.allocate(VarInt.length(id));
        VarInt.write(payload, id);
        return H3.frame(H3.GOAWAY, payload.flip());
    }

    /**
     * The peer sent one, which {@link ControlStream} checked.
     *
     * @param id that it names
     * @return whether it was the first
     */
    public boolean received(long id) {
        boolean first = peers == NONE;
        peers = Math.min(id, NONE - 1);
        return first;
    }

    /**
     * Whether we have said it.
     *
     * @return true if it was sent
     */
    public boolean wasSent() {
        return ours != NONE;
    }

    /**
     * Whether a side has said it.
     *
     * @return true if there are no new streams
     */
    public boolean isDraining() {
        return wasSent() || peers != NONE;
    }

    /**
     * Whether we still take a request of the peer.
     *
     * @param stream its id
     * @return true if so
     */
    public boolean takes(long stream) {
        return stream < ours;
    }

    /**
     * Whether the peer takes a request of ours.
     *
     * @param stream its id
     * @return true if so
     */
    public boolean isWelcome(long stream) {
        return server || stream < peers;
    }
}
