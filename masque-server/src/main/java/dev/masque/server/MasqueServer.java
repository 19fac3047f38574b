package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.Listening;
import dev.masque.server.relay.Tunnels;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A MASQUE proxy: TCP tunnels by CONNECT, UDP tunnels by CONNECT-UDP (RFC 9298), over HTTP/1.1, HTTP/2 and HTTP/3 on one
 * port. Thread-safe. Several can run in one JVM.
 *
 * <pre>{@code
 * try (MasqueServer server = MasqueServer.builder()
 *         .listen(new InetSocketAddress(443))
 *         .identity(Identities.fromPem(certificate, key))
 *         .authenticate(Authenticators.preshared(keys))
 *         .start()) {
 *     server.awaitClose();
 * }
 * }</pre>
 */
public final class MasqueServer implements AutoCloseable {
    private final List<Listening> listening;
    private final Set<HttpVersion> versions;
    private final ClientSessions sessions;
    private final Tunnels tunnels;
    private final Admission admission;
    private final Cleanup cleanup;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    MasqueServer(
            List<Listening> listening,
            Set<HttpVersion> versions,
            ClientSessions sessions,
            Tunnels tunnels,
            Admission admission,
            Cleanup cleanup) {
        this.listening = List.copyOf(listening);
        this.versions = Set.copyOf(versions);
        this.sessions = sessions;
        this.tunnels = tunnels;
        this.admission = admission;
        this.cleanup = cleanup;
    }

    /**
     * Starts with the defaults, which serve nobody: somebody has to be let in.
     *
     * @return a builder
     */
    public static MasqueServerBuilder builder() {
        return new MasqueServerBuilder();
    }

    /**
     * Where the server listens, by TCP and by UDP.
     *
     * @return the addresses in the order of {@link MasqueServerBuilder#listen}, with the ports that were chosen
     */
    public List<InetSocketAddress> addresses() {
        return listening.stream().map(Listening::address).distinct().toList();
    }

    /**
     * The port of the first address.
     *
     * @return 1 to 65535
     */
    public int port() {
        return listening.get(0).address().getPort();
    }

    /**
     * What the server speaks.
     *
     * @return at least one version
     */
    public Set<HttpVersion> versions() {
        return versions;
    }

    /**
     * How many tunnels stand.
     *
     * @return 0 or more
     */
    public int tunnels() {
        return tunnels.count();
    }

    /**
     * How many clients are connected.
     *
     * @return 0 or more
     */
    public int connections() {
        return sessions.count();
    }

    /**
     * Shuts down gently: takes no new connections and tunnels, asks clients to leave, waits for the tunnels that stand and for
     * ordinary requests, and then closes. Blocks.
     *
     * @param patience how long tunnels and requests may take
     * @return true if all of them ended by themselves
     * @throws InterruptedException if the thread was interrupted; the server then goes on draining, and is yet to be closed
     */
    public boolean drain(Duration patience) throws InterruptedException {
        admission.drain();
        listening.forEach(Listening::drain);
        sessions.drain();
        long deadline = System.nanoTime() + patience.toNanos();
        boolean finished = admission.awaitEmpty(patience)
                && sessions.awaitIdle(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        close();
        return finished;
    }

    /** Ends everything at once and waits until every thread and socket is released, some seconds at most. No effect the second time. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            awaitQuietly();
            return;
        }
        admission.drain();
        tunnels.endAll();
        cleanup.run();
        closed.countDown();
    }

    private void awaitQuietly() {
        try {
            closed.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the server is closed.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** The versions and counts; no addresses. */
    @Override
    public String toString() {
        return "MasqueServer[" + versions + ", " + connections() + " connections, " + tunnels() + " tunnels]";
    }
}
