package dev.masque.core.memory;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.wire.UdpContext;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sessions without sockets, for tests: whatever transport it made connects to whatever transport it made listens on, under
 * any address. Behaves as HTTP/2 does, whatever version it is told to name: windows hold senders back, streams end on each
 * side alone or are reset, sessions drain; datagrams travel beside the bytes, as on HTTP/3. The ports of HTTP/3 are not those
 * of the other versions. There is no TLS: the identity of a proxy is not shown; that of a client is, where the proxy asks.
 * Thread-safe.
 *
 * <pre>{@code
 * MemoryTransportProvider memory = new MemoryTransportProvider();
 * MasqueServer server = MasqueServer.builder().transports(memory).listen(new InetSocketAddress("192.0.2.1", 443))...
 * MasqueClient client = MasqueClient.builder().transports(memory).proxy("https://192.0.2.1")...
 * }</pre>
 */
public final class MemoryTransportProvider implements TransportProvider {
    private static final int MAX_DATAGRAM = UdpContext.MAX_UDP_PAYLOAD + 8;

    private final Set<HttpVersion> versions;
    private final Ports<MemoryListening> ports;
    private final Settings settings;

    /** What transports differ in. */
    private record Settings(
            InetAddress clientAddress,
            int maxDatagramSize,
            boolean extendedConnect,
            Function<? super ConnectOptions, ? extends CompletionStage<?>> route,
            @Nullable Executor executor) {
        private static final Settings DEFAULT = new Settings(
                InetAddress.getLoopbackAddress(),
                MAX_DATAGRAM,
                true,
                options -> CompletableFuture.completedFuture(true),
                null);
    }

    /**
     * A place where transports meet.
     *
     * @param versions what sessions may name as their version; HTTP/2 if none is given. Under HTTP/1.1 a session has one
     *     stream at a time
     */
    public MemoryTransportProvider(HttpVersion... versions) {
        this(versions.length == 0 ? Set.of(HttpVersion.HTTP_2) : Set.of(versions), new Ports<>(), Settings.DEFAULT);
    }

    private MemoryTransportProvider(Set<HttpVersion> versions, Ports<MemoryListening> ports, Settings settings) {
        this.versions = versions;
        this.ports = ports;
        this.settings = settings;
    }

    private MemoryTransportProvider with(Settings changed) {
        return new MemoryTransportProvider(versions, ports, changed);
    }

    /**
     * The same place, for clients from another address.
     *
     * @param address where sessions that are made through its transports come from
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withClientAddress(InetAddress address) {
        return with(new Settings(
                address, settings.maxDatagramSize, settings.extendedConnect, settings.route, settings.executor));
    }

    /**
     * The same place, with less room for datagrams.
     *
     * @param bytes the largest HTTP Datagram Payload of sessions that are made through its transports, at most 65535
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withMaxDatagramSize(int bytes) {
        if (bytes < 0 || bytes > MAX_DATAGRAM) {
            throw new IllegalArgumentException("no size of a datagram");
        }
        return with(new Settings(
                settings.clientAddress, bytes, settings.extendedConnect, settings.route, settings.executor));
    }

    /**
     * The same place, for servers without extended CONNECT, which therefore cannot do UDP.
     *
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withoutExtendedConnect() {
        return with(new Settings(
                settings.clientAddress, settings.maxDatagramSize, false, settings.route, settings.executor));
    }

    /**
     * The same place, for clients whose way there is slow or broken.
     *
     * @param route called for every attempt to connect; the attempt goes on when what it gives completes, and fails as it
     *     fails, with an {@link java.io.IOException} as {@link Transport#connect} says. It is cancelled with the attempt
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withRoute(Function<? super ConnectOptions, ? extends CompletionStage<?>> route) {
        return with(new Settings(
                settings.clientAddress, settings.maxDatagramSize, settings.extendedConnect, route, settings.executor));
    }

    /**
     * The same place, on threads of the caller. With {@code Runnable::run} everything happens on the thread that causes it,
     * before the call that causes it returns: a test without threads.
     *
     * @param threads runs the callbacks of all sessions, which still come one at a time for each; stays the caller's
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withExecutor(Executor threads) {
        return with(new Settings(
                settings.clientAddress, settings.maxDatagramSize, settings.extendedConnect, settings.route, threads));
    }

    /**
     * Breaks a connection: both ends hear of it as of the loss of a network.
     *
     * @param session either end of a session in memory
     * @throws IllegalArgumentException if it is a session of another transport
     */
    public static void cut(HttpSession session) {
        if (!(session instanceof MemorySession memory)) {
            throw new IllegalArgumentException("no session in memory");
        }
        memory.lose(new IOException("the connection was cut"));
    }

    Ports<MemoryListening> ports() {
        return ports;
    }

    InetAddress clientAddress() {
        return settings.clientAddress;
    }

    int maxDatagramSize() {
        return settings.maxDatagramSize;
    }

    boolean extendedConnect() {
        return settings.extendedConnect;
    }

    CompletableFuture<?> route(ConnectOptions options) {
        return settings.route.apply(options).toCompletableFuture();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<HttpVersion> versions() {
        return versions;
    }

    @Override
    public Transport create() {
        return new MemoryTransport(this, new Threads(settings.executor));
    }
}
