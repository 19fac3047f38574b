package dev.masque.core.memory;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import java.util.function.Consumer;
import java.util.function.Function;

/** One end of a TCP connection. */
final class MemoryTcp extends MemoryByteStream {
    /** What an end may send before the other has read it. */
    static final int WINDOW = 64 << 10;

    private final Runnable ended;

    private MemoryTcp(Serial executor, Runnable ended) {
        super(executor, new SendWindow(Long.MAX_VALUE / 2), true);
        this.ended = ended;
    }

    @Override
    void receivedHead(Object head) {
        throw new IllegalStateException("a TCP connection has no heads");
    }

    @Override
    void ended() {
        ended.run();
    }

    /** Both ends. */
    static final class Link implements MemoryDial.Link<ByteStream, ByteHandler> {
        private final MemoryTcp relay;
        private final MemoryTcp target;

        /** The relay's end says when it is over. */
        Link(Serial forRelay, Serial forTarget, Consumer<? super Link> ended) {
            relay = new MemoryTcp(forRelay, () -> ended.accept(this));
            target = new MemoryTcp(forTarget, () -> {});
            relay.pair(target, WINDOW, WINDOW);
        }

        @Override
        public ByteStream relay() {
            return relay;
        }

        @Override
        public ByteStream target() {
            return target;
        }

        @Override
        public void startTarget(Function<? super ByteStream, ? extends ByteHandler> made) {
            target.handler(made.apply(target));
        }

        @Override
        public void startRelay(Function<? super ByteStream, ? extends ByteHandler> made) {
            relay.handler(made.apply(relay));
        }

        @Override
        public void drop() {
            relay.reset(ResetReason.CANCEL);
        }
    }
}
