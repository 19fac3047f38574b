package dev.masque.server.fake;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.StreamHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The server's end of a connection whose client is the test. */
public final class FakeSession implements HttpSession {
    public volatile boolean draining;
    public volatile boolean closed;

    /** Streams start with a client that does not read. */
    public volatile boolean slow;

    private final QueueExecutor executor = new QueueExecutor();
    private final List<FakeStream> streams = new ArrayList<>();
    private final SessionHandler handler;
    private final SessionInfo info;

    public FakeSession(SessionHandler handler, String client) {
        this.handler = handler;
        this.info = new SessionInfo(
                "fake",
                HttpVersion.HTTP_2,
                "TLSv1.3",
                "proxy.example",
                List.of(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 443),
                new InetSocketAddress(Target.of(client, 1).address().orElseThrow(), 50_000),
                Duration.ofMillis(3));
        executor.execute(() -> handler.opened(this));
    }

    public FakeStream request(RequestHead head) {
        FakeStream stream = new FakeStream(head, this);
        stream.full = slow;
        streams.add(stream);
        executor.execute(() -> stream.handler(handler.request(stream)));
        return stream;
    }

    /** The connection breaks. */
    public void breaks() {
        streams.forEach(stream -> stream.fails(ResetReason.SESSION_LOST));
        executor.execute(() -> handler.closed(this, new java.io.IOException("lost")));
        executor.shut();
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> made) {
        throw new IllegalStateException("a server");
    }

    @Override
    public int availableStreams() {
        return 0;
    }

    @Override
    public boolean supportsExtendedConnect() {
        return true;
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            streams.forEach(stream -> stream.fails(ResetReason.SESSION_LOST));
            executor.execute(() -> handler.closed(this, null));
        }
    }

    @Override
    public QueueExecutor executor() {
        return executor;
    }
}
