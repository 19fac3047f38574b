package dev.masque.client.fake;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The client's end of a session to a {@link FakeProxy}, with what the proxy can do to it. */
public final class FakeSession implements HttpSession {
    public volatile boolean drained;
    public volatile boolean over;

    final FakeProxy proxy;
    private final SessionHandler handler;
    private final Executor executor;
    private final SessionInfo info;
    private final List<FakeStream> open = new CopyOnWriteArrayList<>();

    FakeSession(FakeProxy proxy, HttpVersion version, SessionHandler handler, Executor executor) {
        this.proxy = proxy;
        this.handler = handler;
        this.executor = executor;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);
        this.info =
                new SessionInfo("fake", version, "TLSv1.3", null, List.of(), address, address, Duration.ofMillis(1));
    }

    /** The proxy announces that it goes away. */
    public void goAway() {
        run(() -> {
            drained = true;
            handler.draining(this);
        });
    }

    /** The connection breaks. */
    public void breaks() {
        run(() -> shut(new IOException("lost")));
    }

    public int openStreams() {
        return open.size();
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> maker) {
        FakeStream stream = new FakeStream(head, this);
        stream.handler(maker.apply(stream));
        boolean room = availableStreams() > 0;
        if (room) {
            open.add(stream);
        }
        run(() -> {
            if (!room || over) {
                stream.finish(StreamFailure.local(ResetReason.REFUSED, null));
                return;
            }
            proxy.streams.add(stream);
            proxy.onRequest.accept(stream);
        });
        return stream;
    }

    void ended(FakeStream stream) {
        open.remove(stream);
        if (drained && open.isEmpty()) {
            run(() -> shut(null));
        }
    }

    @Override
    public int availableStreams() {
        int most = info.version() == HttpVersion.HTTP_1_1 ? 1 : proxy.maxStreams;
        return drained || over ? 0 : Math.max(0, most - open.size());
    }

    @Override
    public boolean supportsExtendedConnect() {
        return proxy.extendedConnect;
    }

    @Override
    public void drain() {
        run(() -> {
            drained = true;
            if (open.isEmpty()) {
                shut(null);
            }
        });
    }

    @Override
    public void close() {
        run(() -> shut(null));
    }

    private void shut(@Nullable Throwable cause) {
        if (!over) {
            over = true;
            open.forEach(stream -> stream.finish(StreamFailure.local(ResetReason.SESSION_LOST, cause)));
            handler.closed(this, cause);
        }
    }

    void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            over = true; // the transport is closed
        }
    }

    @Override
    public Executor executor() {
        return this::run;
    }
}
