package dev.masque.client;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A TCP tunnel through a hop that carries the session to the next. Thread-safe. */
final class CarryingStream implements Bridge {
    private final HttpStream stream;
    private final HopPlace place;
    private final Function<? super ByteStream, ? extends ByteHandler> make;
    private final ByteStream way = new Way();
    private final AtomicLong sent = new AtomicLong();

    @Nullable private ByteHandler handler;

    private volatile long received;
    private volatile boolean closing;

    CarryingStream(HttpStream stream, HopPlace place, Function<? super ByteStream, ? extends ByteHandler> make) {
        this.stream = stream;
        this.place = place;
        this.make = make;
    }

    @Override
    public void accepted() {
        handler = make.apply(way);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the stream's executor only
    public void data(ByteBuffer data) {
        received += data.remaining();
        if (handler != null) {
            handler.data(data);
        }
    }

    @Override
    public void dataComplete() {
        if (handler != null) {
            handler.dataComplete();
        }
    }

    @Override
    public void end() {
        if (handler != null) {
            handler.end();
        }
    }

    @Override
    public void writable() {
        if (handler != null) {
            handler.writable();
        }
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        if (handler != null) {
            handler.closed(failure == null ? null : named(failure));
        }
    }

    private StreamFailure named(StreamFailure failure) {
        TunnelException broken = place.broken("the tunnel to the next hop broke: " + failure.reason(), failure.cause());
        return new StreamFailure(failure.reason(), failure.code(), failure.remote(), broken);
    }

    @Override
    public void abort() {
        closing = true;
        stream.reset(ResetReason.CANCEL);
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public long sent() {
        return sent.get();
    }

    @Override
    public long received() {
        return received;
    }

    /** The tunnel as the session inside sees it. */
    ByteStream outside() {
        return way;
    }

    private final class Way implements ByteStream {
        @Override
        public boolean write(ByteBuffer data) {
            sent.addAndGet(data.remaining());
            return stream.write(data);
        }

        @Override
        public void flush() {
            stream.flush();
        }

        @Override
        public void end() {
            closing = true;
            stream.end();
        }

        @Override
        public void reset(ResetReason reason) {
            closing = true;
            stream.reset(reason);
        }

        @Override
        public boolean isWritable() {
            return stream.isWritable();
        }

        @Override
        public void pause() {
            stream.pause();
        }

        @Override
        public void resume() {
            stream.resume();
        }

        @Override
        public Executor executor() {
            return stream.executor();
        }
    }
}
