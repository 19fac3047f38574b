package dev.masque.client.fake;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A proxy without a network, and the transport that leads to it: a thread of its own, everything else is the test's. */
public final class FakeProxy implements TransportProvider, Transport {
    public final List<ConnectOptions> connects = new CopyOnWriteArrayList<>();
    public final List<FakeSession> sessions = new CopyOnWriteArrayList<>();
    public final List<FakeStream> streams = new CopyOnWriteArrayList<>();

    /** What it does with a request; runs on the thread of the session. */
    public volatile Consumer<FakeStream> onRequest = FakeStream::acceptAndEcho;

    /** What it does with a connection. */
    public volatile BiFunction<FakeProxy, Attempt, CompletionStage<HttpSession>> onConnect = FakeProxy::accept;

    public volatile int maxStreams = 100;
    public volatile boolean extendedConnect = true;
    public volatile boolean closed;

    private final Set<HttpVersion> versions;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fake-proxy");
        thread.setDaemon(true);
        return thread;
    });

    public FakeProxy(HttpVersion... versions) {
        this.versions = Set.of(versions);
    }

    public record Attempt(ConnectOptions options, SessionHandler handler) {
        public InetAddress address() {
            return options.address().getAddress();
        }
    }

    public static CompletionStage<HttpSession> refused() {
        return CompletableFuture.failedFuture(
                new NextHopException(ProxyErrorType.CONNECTION_REFUSED, "connection refused", null));
    }

    public CompletionStage<HttpSession> accept(Attempt attempt) {
        CompletableFuture<HttpSession> connected = new CompletableFuture<>();
        executor.execute(() -> {
            FakeSession session =
                    new FakeSession(this, attempt.options.versions().get(0), attempt.handler, executor);
            sessions.add(session);
            attempt.handler.opened(session);
            if (!connected.complete(session)) {
                session.close();
            }
        });
        return connected;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Set<HttpVersion> versions() {
        return versions;
    }

    @Override
    public Transport create() {
        return this;
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        connects.add(options);
        return onConnect.apply(this, new Attempt(options, handler));
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        throw new IllegalStateException("a client");
    }

    @Override
    public void close() {
        closed = true;
        sessions.forEach(FakeSession::close);
        executor.shutdown();
        try {
            executor.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
