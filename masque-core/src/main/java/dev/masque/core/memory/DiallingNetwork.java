package dev.masque.core.memory;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The relay's way to the targets of a {@link MemoryNetwork}. */
final class DiallingNetwork implements Network {
    private static final long CLOSE_SECONDS = 3;

    private final Targets<ByteStream, ByteHandler> tcp;
    private final Targets<UdpSocket, UdpHandler> udp;
    private final Threads threads;
    private final Timer timer;
    private final Ports<Object> ports = new Ports<>();
    private final Set<MemoryDial<?, ?>> waiting = ConcurrentHashMap.newKeySet();
    private final Set<MemoryDial.Link<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    DiallingNetwork(Targets<ByteStream, ByteHandler> tcp, Targets<UdpSocket, UdpHandler> udp, Threads threads) {
        this.tcp = tcp;
        this.udp = udp;
        this.threads = threads;
        this.timer = new Timer(threads);
    }

    @Override
    public CompletionStage<ByteStream> connectTcp(
            InetSocketAddress target,
            DialOptions options,
            Function<? super ByteStream, ? extends ByteHandler> handler) {
        Serial executor = threads.newSerial();
        MemoryTcp.Link link = new MemoryTcp.Link(executor, threads.newSerial(), open::remove);
        return dial(
                new MemoryDial<>(from(target, options), target, options, executor, link, handler), link, executor, tcp);
    }

    @Override
    public CompletionStage<UdpSocket> openUdp(
            InetSocketAddress target, DialOptions options, Function<? super UdpSocket, ? extends UdpHandler> handler) {
        Serial executor = threads.newSerial();
        InetSocketAddress from = from(target, options);
        MemoryUdp.Link link = new MemoryUdp.Link(executor, threads.newSerial(), from, target, open::remove);
        return dial(new MemoryDial<>(from, target, options, executor, link, handler), link, executor, udp);
    }

    private <S, H> CompletableFuture<S> dial(
            MemoryDial<S, H> dial, MemoryDial.Link<S, H> link, Serial executor, Targets<S, H> targets) {
        CompletableFuture<S> result = dial.result();
        InetAddress source = dial.options().source();
        if (source != null && isIpv4(source) != isIpv4(dial.target().getAddress())) {
            dial.abandon(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, "source address of another family", null);
            return result;
        }
        waiting.add(dial);
        open.add(link);
        result.whenComplete((end, failure) -> {
            waiting.remove(dial);
            if (failure != null) {
                open.remove(link);
            }
        });
        executor.execute(() -> ask(dial, targets.find(dial.target())));
        if (!result.isDone()) {
            Runnable timeOut = timer.schedule(
                    () -> dial.abandon(ProxyErrorType.CONNECTION_TIMEOUT, "no answer in time", null),
                    dial.options().timeout());
            result.whenComplete((end, failure) -> timeOut.run());
        }
        if (closed) { // close() may have looked before this one was there
            abort(dial);
            link.drop();
        }
        return result;
    }

    private static <S, H> void ask(MemoryDial<S, H> dial, Consumer<? super MemoryDial<S, H>> target) {
        if (!dial.isOpen()) {
            return;
        }
        try {
            target.accept(dial);
        } catch (RuntimeException e) {
            dial.abandon(ProxyErrorType.PROXY_INTERNAL_ERROR, "the target failed", e);
        }
    }

    private static void abort(MemoryDial<?, ?> dial) {
        dial.abandon(ProxyErrorType.PROXY_INTERNAL_ERROR, "the network is closed", null);
    }

    private InetSocketAddress from(InetSocketAddress target, DialOptions options) {
        if (target.isUnresolved()) {
            throw new IllegalArgumentException("target is not resolved");
        }
        @Nullable InetAddress source = options.source();
        return ports.from(source != null ? source : loopback(target.getAddress()));
    }

    private static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }

    private static InetAddress loopback(InetAddress target) {
        byte[] address = new byte[target.getAddress().length];
        address[address.length - 1] = 1;
        if (isIpv4(target)) {
            address[0] = 127;
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(DiallingNetwork::abort);
        open.forEach(MemoryDial.Link::drop);
        timer.close();
        threads.close(System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
    }
}
