package dev.masque.server.relay;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.TunnelOpened;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between a client's stream and a target's connection: each direction ends alone, a slow side stops the other,
 * a reset goes through (RFC 9113, 8.5). Needs no thread and no buffer. Is the handler of the client's stream.
 */
public final class TcpRelay extends Tunnel {
    private final ByteStream client;
    private final ByteStream target;
    private long toTarget;
    private long toClient;

    /**
     * A relay over a connection that stands.
     *
     * @param opened what is said of the tunnel
     * @param tunnels where it is accounted for
     * @param client the client's stream
     * @param target the target's connection, paused; {@link #targetHandler()} is to be its handler
     */
    public TcpRelay(TunnelOpened opened, Tunnels tunnels, ByteStream client, ByteStream target) {
        super(opened, tunnels, client.executor());
        this.client = client;
        this.target = target;
    }

    /**
     * What takes the target's bytes.
     *
     * @return a new handler
     */
    public ByteHandler targetHandler() {
        return new TargetSide();
    }

    @Override
    void begin() {
        client.resume();
        target.resume();
    }

    @Override
    void release() {
        target.reset(ResetReason.CANCEL);
    }

    @Override
    void abort(boolean clientOpen, boolean targetOpen) {
        if (clientOpen) {
            client.reset(ResetReason.CANCEL);
        }
        if (targetOpen) {
            target.reset(ResetReason.CANCEL);
        }
    }

    @Override
    long toTarget() {
        return toTarget;
    }

    @Override
    long toClient() {
        return toClient;
    }

    /** Writes, and stops the source while the sink is full; looks again afterwards, as the sink may have emptied meanwhile. */
    private static void pump(ByteBuffer data, ByteStream source, ByteStream sink) {
        if (!sink.write(data)) {
            source.pause();
            if (sink.isWritable()) {
                source.resume();
            }
        }
    }

    @Override
    public void data(ByteBuffer data) {
        moved();
        toTarget += data.remaining();
        pump(data, client, target);
    }

    @Override
    public void dataComplete() {
        target.flush();
    }

    @Override
    public void end() {
        moved();
        halfClosed();
        target.end();
    }

    @Override
    public void writable() {
        target.resume();
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        if (failure != null) {
            because(reasonOf(failure));
        }
        if (clientIsClosed() && failure != null) {
            target.reset(ResetReason.CANCEL);
        }
    }

    static CloseReason reasonOf(StreamFailure failure) {
        if (failure.reason() == ResetReason.SESSION_LOST) {
            return CloseReason.CLIENT_LOST;
        }
        return failure.remote() ? CloseReason.CLIENT_RESET : CloseReason.INTERNAL;
    }

    private void targetClosed(@Nullable StreamFailure failure) {
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

    private final class TargetSide implements ByteHandler {
        @Override
        public void data(ByteBuffer data) {
            moved();
            toClient += data.remaining();
            pump(data, target, client);
        }

        @Override
        public void dataComplete() {
            client.flush();
        }

        @Override
        public void end() {
            moved();
            halfClosed();
            client.end();
        }

        @Override
        public void writable() {
            client.resume();
        }

        @Override
        public void closed(@Nullable StreamFailure failure) {
            onExecutor(() -> targetClosed(failure));
        }
    }
}
