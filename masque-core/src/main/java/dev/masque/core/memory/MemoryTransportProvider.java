package dev.masque.core.memory;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.wire.UdpContext;
import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sessions without sockets, for tests: whatever transport it made connects to whatever transport it made listens on, under
 * any address. Behaves as HTTP/2 does, whatever version it is told to name: windows hold senders back, streams end on each
 * side alone or are reset, sessions drain; datagrams travel beside the bytes, as on HTTP/3. The ports of HTTP/3 are not those
 * of the other versions. There is no TLS: identities and
 * trust are not asked. Thread-safe.
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
    private final InetAddress clientAddress;
    private final int maxDatagramSize;

    @Nullable private final Executor executor;

    /**
     * A place where transports meet.
     *
     * @param versions what sessions may name as their version; HTTP/2 if none is given. Under HTTP/1.1 a session has one
     *     stream at a time
     */
    public MemoryTransportProvider(HttpVersion... versions) {
        this(
                versions.length == 0 ? EnumSet.of(HttpVersion.HTTP_2) : EnumSet.copyOf(Set.of(versions)),
                new Ports<>(),
                InetAddress.getLoopbackAddress(),
                MAX_DATAGRAM,
                null);
    }

    private MemoryTransportProvider(
            Set<HttpVersion> versions,
            Ports<MemoryListening> ports,
            InetAddress clientAddress,
            int maxDatagramSize,
            @Nullable Executor executor) {
        this.versions = Set.copyOf(versions);
        this.ports = ports;
        this.clientAddress = clientAddress;
        this.maxDatagramSize = maxDatagramSize;
        this.executor = executor;
    }

    /**
     * The same place, for clients from another address.
     *
     * @param address where sessions that are made through its transports come from
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withClientAddress(InetAddress address) {
        return new MemoryTransportProvider(versions, ports, address, maxDatagramSize, executor);
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
        return new MemoryTransportProvider(versions, ports, clientAddress, bytes, executor);
    }

    /**
     * The same place, on threads of the caller. With {@code Runnable::run} everything happens on the thread that causes it,
     * before the call that causes it returns: a test without threads.
     *
     * @param threads runs the callbacks of all sessions, which still come one at a time for each; stays the caller's
     * @return a provider that shares its ports with this one
     */
    public MemoryTransportProvider withExecutor(Executor threads) {
        return new MemoryTransportProvider(versions, ports, clientAddress, maxDatagramSize, threads);
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
        return clientAddress;
    }

    int maxDatagramSize() {
        return maxDatagramSize;
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
        return new MemoryTransport(this, new Threads(executor));
    }
}
