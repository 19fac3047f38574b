package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.Recorder;
import dev.masque.core.contract.TestPki;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client's connection to the proxy, in memory unless told otherwise. */
final class ProxyClient implements SessionHandler, AutoCloseable {
    static final TestPki PKI = new TestPki();

    volatile boolean draining;
    volatile boolean closed;

    private final Transport transport;
    private final HttpSession session;

    private ProxyClient(Transport transport, InetSocketAddress proxy, HttpVersion version, SessionLimits limits) {
        this.transport = transport;
        try {
            session = attempt(transport, proxy, version, limits, this).get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no connection to the proxy", e);
        }
    }

    static ProxyClient connect(MemoryTransportProvider memory, InetSocketAddress proxy) {
        return connect(memory, proxy, HttpVersion.HTTP_2, SessionLimits.defaults());
    }

    static ProxyClient connect(
            MemoryTransportProvider memory, InetSocketAddress proxy, HttpVersion version, SessionLimits limits) {
        return connect(memory.create(), proxy, version, limits);
    }

    /** A client of its own transport, which is closed with it. */
    static ProxyClient connect(
            Transport transport, InetSocketAddress proxy, HttpVersion version, SessionLimits limits) {
        return new ProxyClient(transport, proxy, version, limits);
    }

    /** Whether the proxy takes a connection; it is closed again. */
    static boolean canConnect(MemoryTransportProvider memory, InetSocketAddress proxy, HttpVersion version) {
        try (Transport transport = memory.create()) {
            attempt(transport, proxy, version, SessionLimits.defaults(), stream -> new Recorder())
                    .get(20, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<HttpSession> attempt(
            Transport transport,
            InetSocketAddress proxy,
            HttpVersion version,
            SessionLimits limits,
            SessionHandler handler) {
        ConnectOptions options = new ConnectOptions(
                proxy, "proxy.example", List.of(version), PKI.trust(), Duration.ofSeconds(20), limits);
        return transport.connect(options, handler).toCompletableFuture();
    }

    ClientStream request(RequestHead head) {
        return new ClientStream(session, head).resume();
    }

    /** A request whose client does not read what follows the response. */
    ClientStream requestUnread(RequestHead head) {
        return new ClientStream(session, head);
    }

    /** Runs a task before the client hears of anything that comes meanwhile. */
    void beforeAnythingElse(Runnable task) {
        session.executor().execute(task);
    }

    /** The connection breaks. */
    void breaks() {
        MemoryTransportProvider.cut(session);
    }

    @Override
    public void close() {
        transport.close();
    }

    @Override
    public StreamHandler request(HttpStream stream) {
        throw new AssertionError("a proxy asks for nothing");
    }

    @Override
    public void draining(HttpSession any) {
        draining = true;
    }

    @Override
    public void closed(HttpSession any, @Nullable Throwable cause) {
        closed = true;
    }
}
