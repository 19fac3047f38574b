package dev.masque.server.fake;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A byte stream whose other end is the test. */
public class FakeSocket implements ByteStream {
    public final ByteArrayOutputStream written = new ByteArrayOutputStream();
    public volatile boolean flushed = true;
    public volatile boolean ended;
    public volatile boolean paused = true;
    public volatile boolean full;

    public volatile @Nullable ResetReason reset;

    private final Executor executor;
    private boolean peerEnded;
    private volatile boolean closed;

    @Nullable private ByteHandler handler;

    public FakeSocket(Executor executor) {
        this.executor = executor;
    }

    public void handler(ByteHandler taken) {
        handler = taken;
    }

    ByteHandler handler() {
        return Objects.requireNonNull(handler);
    }

    public String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    public boolean isClosed() {
        return closed;
    }

    /** The peer sends bytes; only if somebody wants them. */
    public void arrives(String data) {
        if (paused) {
            throw new AssertionError("paused");
        }
        executor.execute(() -> {
            handler().data(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)));
            handler().dataComplete();
        });
    }

    public void peerEnds() {
        executor.execute(() -> {
            peerEnded = true;
            handler().end();
            finishIfBothEnded();
        });
    }

    public void peerResets(ResetReason reason) {
        close(StreamFailure.remote(reason, reason.http2Code()));
    }

    public void fails(ResetReason reason) {
        close(StreamFailure.local(reason, null));
    }

    public void empties() {
        executor.execute(() -> {
            full = false;
            handler().writable();
        });
    }

    private void finishIfBothEnded() {
        if (ended && peerEnded) {
            close(null);
        }
    }

    private void close(@Nullable StreamFailure failure) {
        executor.execute(() -> {
            if (!closed) {
                closed = true;
                if (handler != null) {
                    handler.closed(failure);
                }
            }
        });
    }

    @Override
    public boolean write(ByteBuffer data) {
        flushed = false;
        while (data.hasRemaining()) {
            written.write(data.get());
        }
        return !full;
    }

    @Override
    public void flush() {
        flushed = true;
    }

    @Override
    public void end() {
        if (!ended && !closed) {
            ended = true;
            flushed = true;
            finishIfBothEnded();
        }
    }

    @Override
    public void reset(ResetReason reason) {
        if (!closed && reset == null) {
            reset = reason;
            close(StreamFailure.local(reason, null));
        }
    }

    @Override
    public boolean isWritable() {
        return !full;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public Executor executor() {
        return executor;
    }
}
