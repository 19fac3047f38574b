package dev.masque.client;

import dev.masque.client.event.TunnelKind;
import dev.masque.client.pool.Timer;
import dev.masque.client.pool.Transports;
import dev.masque.core.Target;
import dev.masque.core.spi.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A client of a MASQUE proxy: TCP tunnels by CONNECT, UDP tunnels by CONNECT-UDP (RFC 9298), over HTTP/3, HTTP/2 or HTTP/1.1,
 * whichever works. Thread-safe; one serves a whole application. Names of targets are resolved by the proxy, never here.
 *
 * <pre>{@code
 * try (MasqueClient client = MasqueClient.builder()
 *         .proxy("https://proxy.example")
 *         .credentials(Credentials.preshared(key))
 *         .build();
 *         TcpTunnel tunnel = client.openTcp("example.com", 443)) {
 *     tunnel.outputStream().write(request);
 * }
 * }</pre>
 */
public final class MasqueClient implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final Duration UDP_IDLE = Duration.ofMinutes(2); // RFC 9298, 3.1 and RFC 4787, 4.3

    /** As they are passed, the first first. */
    private final List<Link> links;

    private final TunnelOpener opener;
    private final HopPlace place;
    private final Transports transports;
    private final Timer timer;
    private final Executor executor;
    private final ClientLimits limits;

    /** Null if the executor is the user's. */
    @Nullable private final ExecutorService workers;

    private final Set<Forwarding> forwardings = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    MasqueClient(
            List<Link> links,
            Transports transports,
            Timer timer,
            Executor executor,
            @Nullable ExecutorService workers,
            ClientLimits limits) {
        this.links = List.copyOf(links);
        this.opener = links.get(links.size() - 1).opener();
        this.place = new HopPlace(links.size(), links.size());
        this.transports = transports;
        this.timer = timer;
        this.executor = executor;
        this.workers = workers;
        this.limits = limits;
    }

    /**
     * Starts with the defaults; a proxy is what has to be said.
     *
     * @return a builder, for one thread
     */
    public static MasqueClientBuilder builder() {
        return new MasqueClientBuilder();
    }

    /**
     * Opens a TCP tunnel. Blocks until the proxy has connected the target.
     *
     * @param host a name, which the proxy resolves, or an IP literal
     * @param port 1 to 65535
     * @return the tunnel, to be closed by the caller
     * @throws TunnelException if there is no tunnel to be had
     * @throws java.io.InterruptedIOException if the thread is interrupted; the attempt is given up
     * @throws IOException one of these two
     * @throws IllegalArgumentException if host or port are not valid
     */
    public TcpTunnel openTcp(String host, int port) throws IOException {
        return openTcp(Target.of(host, port));
    }

    /**
     * Opens a TCP tunnel. Blocks until the proxy has connected the target.
     *
     * @param target where it is to lead
     * @return the tunnel, to be closed by the caller
     * @throws TunnelException if there is no tunnel to be had
     * @throws java.io.InterruptedIOException if the thread is interrupted; the attempt is given up
     * @throws IOException one of these two
     */
    public TcpTunnel openTcp(Target target) throws IOException {
        return await(startTcp(target));
    }

    /**
     * Opens a TCP tunnel without blocking.
     *
     * @param target where it is to lead
     * @return completes on the client's executor; fails with {@link TunnelException}. Cancelling its future gives the attempt
     *     up
     */
    public CompletionStage<TcpTunnel> openTcpAsync(Target target) {
        return hand(startTcp(target));
    }

    /**
     * Opens a UDP tunnel. Blocks until the proxy has resolved the target and bound a socket.
     *
     * @param host a name, which the proxy resolves, or an IP literal
     * @param port 1 to 65535
     * @return the tunnel, to be closed by the caller
     * @throws TunnelException if there is no tunnel to be had
     * @throws java.io.InterruptedIOException if the thread is interrupted; the attempt is given up
     * @throws IOException one of these two
     * @throws IllegalArgumentException if host or port are not valid
     */
    public UdpTunnel openUdp(String host, int port) throws IOException {
        return openUdp(Target.of(host, port));
    }

    /**
     * Opens a UDP tunnel. Blocks until the proxy has resolved the target and bound a socket.
     *
     * @param target where it is to lead
     * @return the tunnel, to be closed by the caller
     * @throws TunnelException if there is no tunnel to be had
     * @throws java.io.InterruptedIOException if the thread is interrupted; the attempt is given up
     * @throws IOException one of these two
     */
    public UdpTunnel openUdp(Target target) throws IOException {
        return await(startUdp(target));
    }

    /**
     * Opens a UDP tunnel without blocking.
     *
     * @param target where it is to lead
     * @return completes on the client's executor; fails with {@link TunnelException}. Cancelling its future gives the attempt
     *     up
     */
    public CompletionStage<UdpTunnel> openUdpAsync(Target target) {
        return hand(startUdp(target));
    }

    /**
     * Forwards connections to a port of this machine, on the loopback interface, to a target.
     *
     * @param localPort the port; 0 takes a free one
     * @param target where each connection leads
     * @return the forwarding, to be closed by the caller; closed with the client at the latest
     * @throws IOException if the port cannot be bound
     */
    public Forwarding forwardTcp(int localPort, Target target) throws IOException {
        return forwardTcp(loopback(localPort), target);
    }

    /**
     * Forwards connections to a local address to a target. Whoever can reach the address can use the tunnel with this
     * client's credentials: mind the wildcard.
     *
     * @param local where to listen
     * @param target where each connection leads
     * @return the forwarding, to be closed by the caller; closed with the client at the latest
     * @throws IOException if the address cannot be bound
     */
    public Forwarding forwardTcp(InetSocketAddress local, Target target) throws IOException {
        checkOpen();
        return keep(
                new TcpForwarding(local, target, this::openTcp, executor, limits.maxForwarded(), forwardings::remove));
    }

    /**
     * Forwards datagrams to a port of this machine, on the loopback interface, to a target.
     *
     * @param localPort the port; 0 takes a free one
     * @param target where they lead
     * @return the forwarding, to be closed by the caller; closed with the client at the latest
     * @throws IOException if the port cannot be bound
     */
    public Forwarding forwardUdp(int localPort, Target target) throws IOException {
        return forwardUdp(loopback(localPort), target);
    }

    /**
     * Forwards datagrams to a local address to a target, each source through a tunnel of its own, which ends after two
     * minutes of silence. Whoever can reach the address can use the tunnel with this client's credentials: mind the wildcard.
     *
     * @param local where to listen
     * @param target where they lead
     * @return the forwarding, to be closed by the caller; closed with the client at the latest
     * @throws IOException if the address cannot be bound
     */
    public Forwarding forwardUdp(InetSocketAddress local, Target target) throws IOException {
        return forwardUdp(local, target, UDP_IDLE);
    }

    Forwarding forwardUdp(InetSocketAddress local, Target target, Duration idle) throws IOException {
        checkOpen();
        return keep(new UdpForwarding(
                local, target, this::openUdpAsync, executor, timer, limits.maxForwarded(), idle, forwardings::remove));
    }

    /**
     * The tunnels as a network, for what connects over a {@link Network}: a {@code MasqueServer} whose tunnels are to go through
     * another proxy, a transport. Targets need not be resolved; the proxy does that. Failures are {@link
     * dev.masque.core.NextHopException}s with a {@link TunnelException} as their cause.
     *
     * @return a network that lives as long as this client; closing it has no effect
     */
    public Network asNetwork() {
        return new ClientNetwork(new TunnelNetwork(opener, place, timer, answer -> {}));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private Forwarding keep(Forwarding forwarding) throws IOException {
        forwardings.add(forwarding);
        if (closed.get()) {
            forwarding.close();
            checkOpen();
        }
        return forwarding;
    }

    private void checkOpen() throws IOException {
        if (closed.get()) {
            throw new TunnelException(TunnelStep.REQUEST, false, "the client is closed", null);
        }
    }

    private CompletableFuture<TcpTunnel> startTcp(Target target) {
        return opener.open(
                TunnelKind.TCP,
                target,
                stream -> new TcpBridge(stream, timer, limits.receiveBuffer(), place),
                (bridge, stream, answer) -> new TcpTunnel(target, stream, bridge, answer.fields()));
    }

    private CompletableFuture<UdpTunnel> startUdp(Target target) {
        return opener.open(
                TunnelKind.UDP,
                target,
                stream -> new UdpBridge(stream, timer, limits.datagramQueue(), place),
                (bridge, stream, answer) -> new UdpTunnel(target, stream, bridge, answer.fields()));
    }

    private static <T extends AutoCloseable> T await(CompletableFuture<T> opening) throws IOException {
        try {
            return opening.get();
        } catch (InterruptedException e) {
            if (!opening.cancel(false)) {
                opening.thenAccept(MasqueClient::closeQuietly); // it came at the same moment
            }
            throw TcpBridge.interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TunnelException failure) {
                throw failure.here();
            }
            throw new IllegalStateException("a tunnel failed in an unexpected way", e.getCause());
        }
    }

    /** Off the session's thread, on which whatever the user does next must not run: it may block. */
    private <T extends AutoCloseable> CompletableFuture<T> hand(CompletableFuture<T> opening) {
        CompletableFuture<T> handed = new CompletableFuture<>();
        handed.whenComplete((tunnel, failure) -> opening.cancel(false));
        opening.whenComplete((tunnel, failure) -> {
            Runnable completion = () -> {
                if (tunnel == null) {
                    handed.completeExceptionally(Objects.requireNonNull(failure));
                } else if (!handed.complete(tunnel)) {
                    closeQuietly(tunnel);
                }
            };
            try {
                executor.execute(completion);
            } catch (RejectedExecutionException e) {
                completion.run(); // closed: nobody is served any more
            }
        });
        return handed;
    }

    private static void closeQuietly(AutoCloseable tunnel) {
        try {
            tunnel.close();
        } catch (Exception e) {
            throw new IllegalStateException("tunnels close without failing", e);
        }
    }

    /**
     * Closes everything: forwardings, tunnels, sessions, threads. Tunnels that were closed before get up to a second to
     * send what was written. Waits, for a few seconds at most; not to be called on a thread of a transport. No effect the
     * second time.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List.copyOf(forwardings).forEach(Forwarding::close);
        boolean interrupted = false;
        for (int i = links.size() - 1; i >= 0; i--) { // from the inside out: each says its farewell through the others
            interrupted |= close(links.get(i), i == links.size() - 1);
        }
        transports.close();
        timer.close();
        if (workers != null) {
            interrupted |= end(workers);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean close(Link link, boolean last) {
        link.pool().drain();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Exchange exchange : link.open()) {
            if (last && !exchange.bridge().isClosing()) {
                exchange.bridge().abort();
            }
            ends.add(exchange.over());
        }
        boolean interrupted = waitFor(CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)));
        link.pool().close();
        return interrupted;
    }

    private static boolean waitFor(CompletableFuture<Void> ends) {
        try {
            ends.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (InterruptedException e) {
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false; // they had their time
        }
    }

    private static boolean end(ExecutorService workers) {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(1, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
            return false;
        } catch (InterruptedException e) {
            workers.shutdownNow();
            return true;
        }
    }
}
