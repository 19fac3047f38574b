package dev.masque.server.relay;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import dev.masque.core.wire.UdpContext;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.TunnelOpened;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Moves UDP payloads between the HTTP Datagrams of a client's stream and a target's socket, RFC 9298, sections 3 and 5. The
 * socket lives as long as the stream. Is the handler of the client's stream.
 */
public final class UdpRelay extends Tunnel {
    /** One buffer a thread, for the context id in front of what a target sent. */
    private static final ThreadLocal<ByteBuffer> SCRATCH = ThreadLocal.withInitial(() -> ByteBuffer.allocate(2048));

    private final HttpStream client;
    private final UdpSocket target;
    private long toTarget;
    private long toClient;
    private volatile boolean standing;

    /**
     * A relay over a bound socket.
     *
     * @param opened what is said of the tunnel
     * @param tunnels where it is accounted for
     * @param client the client's stream
     * @param target the socket; {@link #targetHandler()} is to be its handler
     */
    public UdpRelay(TunnelOpened opened, Tunnels tunnels, HttpStream client, UdpSocket target) {
        super(opened, tunnels, client.executor());
        this.client = client;
        this.target = target;
    }

    /**
     * What takes the target's datagrams.
     *
     * @return a new handler
     */
    public UdpHandler targetHandler() {
        return new TargetSide();
    }

    @Override
    void begin() {
        standing = true;
        client.resume();
    }

    @Override
    void release() {
        target.close();
    }

    @Override
    void abort(boolean clientOpen, boolean targetOpen) {
        if (clientOpen) {
            client.reset(ResetReason.NO_ERROR);
        }
        target.close();
    }

    @Override
    long toTarget() {
        return toTarget;
    }

    @Override
    long toClient() {
        return toClient;
    }

    @Override
    public void datagram(ByteBuffer payload) {
        if (UdpContext.readContextId(payload) != UdpContext.UDP) {
            return; // an unknown context: dropped, RFC 9298, 4
        }
        if (payload.remaining() > UdpContext.MAX_UDP_PAYLOAD) {
            because(CloseReason.PROTOCOL_VIOLATION);
            client.reset(ResetReason.DATAGRAM_ERROR); // RFC 9298, 5
            return;
        }
        moved();
        int size = payload.remaining();
        if (target.send(payload)) {
            toTarget += size;
        }
    }

    @Override
    public void dataComplete() {
        target.flush();
    }

    /** A CONNECT-UDP stream carries no bytes but capsules, which the transport has taken. */
    @Override
    public void data(ByteBuffer data) {}

    @Override
    public void end() {
        client.end();
        target.flush(); // what came in the same batch
        target.close();
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        if (failure != null) {
            because(TcpRelay.reasonOf(failure));
        }
        if (clientIsClosed()) {
            target.close();
        }
    }

    private void targetClosed(@Nullable IOException failure) {
        if (isDiscarded()) {
            return;
        }
        if (failure != null) {
            because(CloseReason.TARGET_FAILED);
        }
        if (targetIsClosed() && failure != null) {
            client.reset(ResetReason.CONNECT_ERROR);
        }
    }

    private final class TargetSide implements UdpHandler {
        @Override
        public void datagram(ByteBuffer payload) {
            if (!standing) {
                return; // the response comes first
            }
            moved();
            int size = payload.remaining();
            ByteBuffer out = scratch(size + 1);
            out.put((byte) UdpContext.UDP).put(payload).flip();
            if (client.sendDatagram(out)) {
                toClient += size;
            }
        }

        private ByteBuffer scratch(int size) {
            ByteBuffer buffer = SCRATCH.get();
            if (buffer.capacity() < size) {
                buffer = ByteBuffer.allocate(UdpContext.MAX_UDP_PAYLOAD + 1);
                SCRATCH.set(buffer);
            }
            return buffer.clear();
        }

        @Override
        public void datagramsComplete() {
            client.flush();
        }

        @Override
        public void closed(@Nullable IOException failure) {
            onExecutor(() -> targetClosed(failure));
        }
    }
}
