package dev.masque.core.memory;

import dev.masque.core.Target;
import dev.masque.core.contract.Recorder;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests of targets in memory have in common. */
final class Ends {
    static final InetSocketAddress TARGET = address("93.184.216.34", 443);
    static final DialOptions OPTIONS = new DialOptions(null, Duration.ofSeconds(30), null);

    private Ends() {}

    /** An end of a TCP connection, and what it heard. */
    record Tcp(ByteStream stream, Recorder events) {
        void send(String text) {
            stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            stream.flush();
        }

        String text() {
            return new String(events.awaitBytes(0), StandardCharsets.UTF_8);
        }
    }

    static InetAddress host(String address) {
        return Target.of(address, 1).address().orElseThrow();
    }

    static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host(host), port);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static CompletableFuture<ByteStream> dial(Network network, InetSocketAddress to, Recorder events) {
        return network.connectTcp(to, OPTIONS, stream -> events).toCompletableFuture();
    }

    static CompletableFuture<UdpSocket> dialUdp(Network network, InetSocketAddress to, UdpRecorder events) {
        return network.openUdp(to, OPTIONS, socket -> events).toCompletableFuture();
    }

    static void send(UdpSocket socket, int... values) {
        for (int value : values) {
            socket.send(ByteBuffer.allocate(4).putInt(value).flip());
        }
        socket.flush();
    }
}
