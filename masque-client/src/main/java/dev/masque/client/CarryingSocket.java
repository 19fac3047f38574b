package dev.masque.client;

import dev.masque.client.pool.Timer;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import dev.masque.core.wire.UdpContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A UDP tunnel through a hop that carries the QUIC connection to the next. RFC 9298, section 5. Thread-safe. */
final class CarryingSocket implements Bridge, UdpSocket {
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final HttpStream stream;
    private final HopPlace place;
    private final Timer timer;
    private final Function<? super UdpSocket, ? extends UdpHandler> make;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();

    @Nullable private UdpHandler handler;

    private boolean some;
    private volatile boolean over;
    private volatile long received;

    CarryingSocket(
            HttpStream stream, HopPlace place, Timer timer, Function<? super UdpSocket, ? extends UdpHandler> make) {
        this.stream = stream;
        this.place = place;
        this.timer = timer;
        this.make = make;
    }

    @Override
    public void accepted() {
        handler = make.apply(this);
        stream.resume(); // for the end: datagrams come without
    }

    @Override
    public void data(ByteBuffer data) {
        throw new IllegalStateException("data on a stream of capsules");
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the stream's executor only
    public void datagram(ByteBuffer payload) {
        if (UdpContext.readContextId(payload) != UdpContext.UDP) {
            return; // RFC 9298, 4: of a context that nobody registered
        }
        if (payload.remaining() > UdpContext.MAX_UDP_PAYLOAD) {
            stream.reset(ResetReason.DATAGRAM_ERROR); // RFC 9298, 5
            return;
        }
        received += payload.remaining();
        if (handler != null) {
            some = true;
            handler.datagram(payload);
        }
    }

    @Override
    public void dataComplete() {
        if (some && handler != null) {
            some = false;
            handler.datagramsComplete();
        }
    }

    @Override
    public void end() {
        stream.end(); // the proxy is done with its socket: RFC 9298, 3.1
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        over = true;
        if (handler == null) {
            return;
        }
        boolean mine = closing.get();
        String message = "the tunnel to the next hop broke: " + (failure == null ? "ended" : failure.reason());
        handler.closed(mine ? null : place.broken(message, failure == null ? null : failure.cause()));
    }

    @Override
    public boolean send(ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuffer datagram = ByteBuffer.allocate(length + 1);
        datagram.put((byte) UdpContext.UDP).put(payload).flip();
        if (over || datagram.remaining() > stream.maxDatagramSize() || !stream.sendDatagram(datagram)) {
            return false;
        }
        sent.addAndGet(length);
        return true;
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public int maxPayload() {
        return Math.max(0, Math.min(UdpContext.MAX_UDP_PAYLOAD, stream.maxDatagramSize() - 1));
    }

    @Override
    public InetSocketAddress localAddress() {
        return stream.session().info().localAddress();
    }

    @Override
    public Executor executor() {
        return stream.executor();
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true) && !over) {
            stream.end();
            timer.after(LINGER, () -> stream.reset(ResetReason.CANCEL));
        }
    }

    @Override
    public void abort() {
        closing.set(true);
        stream.reset(ResetReason.CANCEL);
    }

    @Override
    public boolean isClosing() {
        return closing.get();
    }

    @Override
    public long sent() {
        return sent.get();
    }

    @Override
    public long received() {
        return received;
    }
}
