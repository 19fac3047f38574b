package dev.masque.core.memory;

import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import dev.masque.core.wire.UdpContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a UDP association. Holds the datagrams that are on their way to it, of which there are so many at most. */
final class MemoryUdp implements UdpSocket {
    /** Datagrams on their way to one end, those that are not flushed included. */
    static final int QUEUE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(MemoryUdp.class);

    private final Serial executor;
    private final InetSocketAddress address;
    private final Runnable ended;
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(2);
    private int flushed;
    private boolean delivering;
    private volatile boolean closed;

    @Nullable private IOException failure;

    @Nullable private MemoryUdp peer;

    @Nullable private volatile UdpHandler handler;

    private MemoryUdp(Serial executor, InetSocketAddress address, Runnable ended) {
        this.executor = executor;
        this.address = address;
        this.ended = ended;
    }

    private MemoryUdp peer() {
        return Objects.requireNonNull(peer);
    }

    /** What came before goes to the handler now. */
    private void start(UdpHandler made) {
        boolean over;
        synchronized (this) {
            handler = made;
            over = closed;
        }
        if (over) {
            executor.execute(this::tellClosed);
        } else {
            schedule();
        }
    }

    @Override
    public boolean send(ByteBuffer payload) {
        if (closed || payload.remaining() > UdpContext.MAX_UDP_PAYLOAD) {
            return false;
        }
        return peer().offer(payload);
    }

    private synchronized boolean offer(ByteBuffer payload) {
        if (waiting.size() == QUEUE) {
            return false;
        }
        waiting.add(ByteBuffer.allocate(payload.remaining()).put(payload).flip());
        return true;
    }

    @Override
    public void flush() {
        peer().arrived();
    }

    private void arrived() {
        synchronized (this) {
            flushed = waiting.size();
        }
        schedule();
    }

    private void schedule() {
        synchronized (this) {
            if (delivering || flushed == 0 || handler == null) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliver);
    }

    private void deliver() {
        boolean any = false;
        for (ByteBuffer next = next(); next != null; next = next()) {
            ByteBuffer payload = next;
            if (closed) {
                MemoryUdp sender = peer();
                sender.executor.execute(() -> sender.closeNow(new PortUnreachableException("port unreachable")));
            } else {
                any = true;
                guarded(to -> to.datagram(payload));
            }
        }
        if (any && !closed) {
            guarded(UdpHandler::datagramsComplete);
        }
    }

    @Nullable private synchronized ByteBuffer next() {
        if (flushed == 0) {
            delivering = false;
            return null;
        }
        flushed--;
        return waiting.remove();
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }

    @Override
    public Serial executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.run(() -> closeNow(null));
    }

    private void closeNow(@Nullable IOException why) {
        boolean tell;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            failure = why;
            tell = handler != null;
        }
        ended.run();
        if (tell) {
            executor.execute(this::tellClosed);
        }
    }

    private void tellClosed() {
        guarded(to -> to.closed(failure));
    }

    private void guarded(Consumer<UdpHandler> call) {
        UdpHandler to = handler;
        try {
            if (to != null) {
                call.accept(to);
            }
        } catch (RuntimeException e) {
            LOG.debug("a handler failed", e);
            closeNow(new IOException("a handler failed", e));
        }
    }

    /** Both ends. When the relay's is closed the target's is too; the other way round the relay hears of it when it sends. */
    static final class Link implements MemoryDial.Link<UdpSocket, UdpHandler> {
        private final MemoryUdp relay;
        private final MemoryUdp target;

        /** The relay's end says when it is over. */
        Link(
                Serial forRelay,
                Serial forTarget,
                InetSocketAddress from,
                InetSocketAddress to,
                Consumer<? super Link> ended) {
            target = new MemoryUdp(forTarget, to, () -> {});
            relay = new MemoryUdp(forRelay, from, () -> {
                target.close();
                ended.accept(this);
            });
            relay.peer = target;
            target.peer = relay;
        }

        @Override
        public UdpSocket relay() {
            return relay;
        }

        @Override
        public UdpSocket target() {
            return target;
        }

        @Override
        public void startTarget(Function<? super UdpSocket, ? extends UdpHandler> made) {
            target.start(made.apply(target));
        }

        @Override
        public void startRelay(Function<? super UdpSocket, ? extends UdpHandler> made) {
            relay.start(made.apply(relay));
        }

        @Override
        public void drop() {
            relay.close();
        }
    }
}
