package dev.masque.client;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A proxy in memory that does what the test says, on a thread of its own. It is there under every address, on two ports. */
final class ScriptedProxy implements SessionHandler, AutoCloseable {
    final List<ConnectOptions> connects = new CopyOnWriteArrayList<>();
    final List<ProxiedSession> sessions = new CopyOnWriteArrayList<>();
    final List<ProxiedStream> streams = new CopyOnWriteArrayList<>();

    /** What it does with a request. */
    volatile Consumer<ProxiedStream> onRequest = ProxiedStream::acceptAndEcho;

    /** What it does with a session. */
    volatile Consumer<ProxiedSession> onSession = session -> {};

    /** The way to it: an attempt arrives when what this gives completes. */
    volatile Function<ConnectOptions, CompletionStage<?>> onConnect = options -> reached();

    /** What leads to it. */
    final TransportProvider provider;

    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "scripted-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final MemoryTransportProvider memory;
    private final Transport transport;

    private ScriptedProxy(MemoryTransportProvider place, SessionLimits limits) {
        memory = place.withExecutor(executor);
        transport = memory.create();
        for (int port : new int[] {443, 8443}) {
            transport
                    .listen(
                            new ListenOptions(
                                    new InetSocketAddress(port), place.versions(), ScriptedProxy::identity, limits),
                            this)
                    .toCompletableFuture()
                    .join();
        }
        provider = place.withMaxDatagramSize(1200).withRoute(options -> {
            connects.add(options);
            return onConnect.apply(options);
        });
    }

    ScriptedProxy(HttpVersion... versions) {
        this(new MemoryTransportProvider(versions), SessionLimits.defaults());
    }

    static ScriptedProxy withMaxStreams(int streams, HttpVersion version) {
        return new ScriptedProxy(
                new MemoryTransportProvider(version), SessionLimits.defaults().withMaxStreams(streams));
    }

    static ScriptedProxy withoutExtendedConnect() {
        return new ScriptedProxy(new MemoryTransportProvider().withoutExtendedConnect(), SessionLimits.defaults());
    }

    static CompletionStage<?> reached() {
        return CompletableFuture.completedFuture(true);
    }

    static CompletionStage<?> refused() {
        return failing(ProxyErrorType.CONNECTION_REFUSED);
    }

    static CompletionStage<?> failing(ProxyErrorType type) {
        return CompletableFuture.failedFuture(new NextHopException(type, "as the test says", null));
    }

    private static TlsIdentity identity() {
        throw new AssertionError("there is no TLS in memory");
    }

    private ProxiedSession of(HttpSession session) {
        return sessions.stream().filter(known -> known.is(session)).findFirst().orElseThrow();
    }

    @Override
    public void opened(HttpSession session) {
        ProxiedSession opened = new ProxiedSession(session);
        sessions.add(opened);
        onSession.accept(opened);
    }

    @Override
    public StreamHandler request(HttpStream asked) {
        ProxiedSession session = of(asked.session());
        ProxiedStream stream = new ProxiedStream(asked, session);
        session.streams.add(stream);
        streams.add(stream);
        onRequest.accept(stream);
        return stream.events();
    }

    @Override
    public void draining(HttpSession session) {
        of(session).drained = true;
    }

    @Override
    public void closed(HttpSession session, @Nullable Throwable cause) {
        of(session).over = true;
    }

    @Override
    public void close() throws InterruptedException {
        transport.close();
        executor.shutdown();
        if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
            throw new AssertionError("the proxy's thread is stuck");
        }
    }
}
