package dev.masque.core.memory;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Targets without sockets, for tests: the other end of {@link MemoryTransportProvider}. What is registered here is reached
 * through every network that it made, and resolved by every resolver. A TCP connection has a window of 64 KiB in each
 * direction and is half-closed or reset as a real one; a UDP association carries datagrams in order, drops those beyond 256
 * that wait, and tells its target when the relay closes its socket. Every port that is not registered is closed: it refuses
 * TCP, and answers UDP as ICMP does, with "port unreachable". A name that is not registered does not exist. Thread-safe.
 *
 * <pre>{@code
 * MemoryNetwork network = new MemoryNetwork();
 * network.name("echo.example", InetAddress.getByName("192.0.2.7"));
 * network.tcp(new InetSocketAddress("192.0.2.7", 7), dial -> dial.accept(stream -> new Echo(stream)));
 * network.tcp(new InetSocketAddress("192.0.2.7", 9), dial -> dial.fail(noRoute)); // never answering is a time-out
 * MasqueServer server = MasqueServer.builder()
 *         .transports(new MemoryTransportProvider())
 *         .network(network.createNetwork())
 *         .resolver(network.createResolver(List.of()))...
 * }</pre>
 */
public final class MemoryNetwork implements NetworkProvider {
    private final Targets<ByteStream, ByteHandler> tcp;
    private final Targets<UdpSocket, UdpHandler> udp;
    private final Map<String, Supplier<? extends CompletionStage<List<InetAddress>>>> names;

    @Nullable private final Executor executor;

    /** A place without targets. */
    public MemoryNetwork() {
        this(Targets.tcp(), Targets.udp(), new ConcurrentHashMap<>(), null);
    }

    private MemoryNetwork(
            Targets<ByteStream, ByteHandler> tcp,
            Targets<UdpSocket, UdpHandler> udp,
            Map<String, Supplier<? extends CompletionStage<List<InetAddress>>>> names,
            @Nullable Executor executor) {
        this.tcp = tcp;
        this.udp = udp;
        this.names = names;
        this.executor = executor;
    }

    /**
     * The same place, on threads of the caller. With {@code Runnable::run} everything happens on the thread that causes it,
     * before the call that causes it returns: a test without threads.
     *
     * @param threads runs the callbacks of all ends, which still come one at a time for each; stays the caller's
     * @return a place that shares targets and names with this one
     */
    public MemoryNetwork withExecutor(Executor threads) {
        return new MemoryNetwork(tcp, udp, names, threads);
    }

    /**
     * Registers a target for TCP, in place of what was there.
     *
     * @param address where; the wildcard address stands for every address and port 0 for every port that nothing else is
     *     registered for
     * @param target takes every attempt to connect; must not block. An exception fails the attempt
     */
    public void tcp(InetSocketAddress address, Consumer<? super MemoryDial<ByteStream, ByteHandler>> target) {
        tcp.put(address, target);
    }

    /**
     * Registers a target for UDP, in place of what was there.
     *
     * @param address where, as for {@link #tcp}
     * @param target takes every association; must not block. An exception fails the attempt
     */
    public void udp(InetSocketAddress address, Consumer<? super MemoryDial<UdpSocket, UdpHandler>> target) {
        udp.put(address, target);
    }

    /**
     * Registers a name, in place of what was there.
     *
     * @param name a host name, as relays ask for it
     * @param addresses its addresses, in the order of preference
     */
    public void name(String name, InetAddress... addresses) {
        List<InetAddress> found = List.of(addresses);
        name(name, () -> CompletableFuture.completedFuture(found));
    }

    /**
     * Registers a name whose answer comes later, or fails, in place of what was there.
     *
     * @param name a host name, as relays ask for it
     * @param answer called for every question; what it gives is handed to the relay as it is, so that cancelling reaches it. A
     *     failure is a {@link dev.masque.core.NextHopException} as {@link Resolver#resolve} says; never to complete is a name
     *     server that does not answer
     */
    public void name(String name, Supplier<? extends CompletionStage<List<InetAddress>>> answer) {
        names.put(name, answer);
    }

    @Override
    public Network createNetwork() {
        return new DiallingNetwork(tcp, udp, new Threads(executor));
    }

    /**
     * Makes a resolver of the names that are registered here.
     *
     * @param nameServers not asked
     * @return a resolver
     */
    @Override
    public Resolver createResolver(List<InetSocketAddress> nameServers) {
        return new NameTable(names);
    }
}
