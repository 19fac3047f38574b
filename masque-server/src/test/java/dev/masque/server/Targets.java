package dev.masque.server;

import dev.masque.core.Bytes;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.contract.Recorder;
import dev.masque.core.memory.MemoryDial;
import dev.masque.core.memory.MemoryNetwork;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Every host and name beyond the proxy, in memory; the test answers for them. */
final class Targets {
    final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    final List<UdpAttempt> udpAttempts = new CopyOnWriteArrayList<>();
    final Map<String, CompletableFuture<List<InetAddress>>> names = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final MemoryNetwork memory = new MemoryNetwork().withExecutor(Runnable::run);

    Targets() {
        memory.tcp(new InetSocketAddress(0), dial -> attempts.add(new Attempt(dial)));
        memory.udp(new InetSocketAddress(0), dial -> udpAttempts.add(new UdpAttempt(dial)));
    }

    /** A TCP connection that is being made. */
    record Attempt(MemoryDial<ByteStream, ByteHandler> dial) {
        Tcp succeed() {
            Recorder events = new Recorder();
            ByteStream stream = dial.accept(any -> events);
            stream.resume();
            return new Tcp(stream, events);
        }

        void fail(ProxyErrorType type) {
            dial.fail(new NextHopException(type, "failed: 10.1.2.3", null));
        }
    }

    /** A UDP socket that is being made. */
    record UdpAttempt(MemoryDial<UdpSocket, UdpHandler> dial) {
        Udp succeed() {
            UdpEvents events = new UdpEvents();
            return new Udp(dial.accept(any -> events), events);
        }

        void fail(ProxyErrorType type) {
            dial.fail(new NextHopException(type, "failed: 10.1.2.3", null));
        }
    }

    /** The target's end of a TCP connection. */
    record Tcp(ByteStream stream, Recorder events) {
        String text() {
            return new String(events.awaitBytes(0), StandardCharsets.UTF_8);
        }

        int received() {
            return events.count();
        }

        boolean isEnded() {
            return events.isEnded();
        }

        /** How the connection failed; null if it has not, or not yet. */
        @Nullable ResetReason failure() {
            StreamFailure failure = events.isClosed() ? events.awaitClosed() : null;
            return failure == null ? null : failure.reason();
        }

        void send(String text) {
            stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            stream.flush();
        }

        /** Sends for as long as the proxy takes it; gives how many bytes that were. */
        int sendUntilStopped() {
            return Filling.fill(stream);
        }

        void end() {
            stream.end();
        }

        void reset() {
            stream.reset(ResetReason.CANCEL);
        }
    }

    /** The target's end of a UDP association. */
    record Udp(UdpSocket socket, UdpEvents events) {
        List<Bytes> received() {
            return events.received;
        }

        /** The proxy has closed its socket. */
        boolean isClosed() {
            return events.closed;
        }

        void send(byte... payload) {
            socket.send(ByteBuffer.wrap(payload));
            socket.flush();
        }

        /** What comes to it from now on is answered with an ICMP error. */
        void close() {
            socket.close();
        }

        /** Takes nothing while the task runs. */
        void whileBusy(Runnable task) {
            socket.executor().execute(task);
        }
    }

    private static final class UdpEvents implements UdpHandler {
        private final List<Bytes> received = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        @Override
        public void datagram(ByteBuffer payload) {
            received.add(Bytes.copyOf(payload));
        }

        @Override
        public void closed(@Nullable IOException failure) {
            closed = true;
        }
    }

    Attempt attempt(int index) {
        return attempts.get(index);
    }

    /** What the DNS says of a name, which is nothing at first. */
    CompletableFuture<List<InetAddress>> answer(String name) {
        return names.computeIfAbsent(name, any -> {
            CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
            memory.name(name, () -> answer);
            return answer;
        });
    }

    Network network() {
        return memory.createNetwork();
    }

    Resolver resolver() {
        Resolver resolver = memory.createResolver(List.of());
        return name -> {
            asked.add(name);
            answer(name);
            return resolver.resolve(name);
        };
    }
}
