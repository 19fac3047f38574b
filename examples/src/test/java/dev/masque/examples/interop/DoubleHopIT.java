package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tunnels through two proxies, in every nesting of versions, over real transports. */
class DoubleHopIT extends Interop {
    private static final int BULK = 8_000_000;

    @TempDir
    private Path directory;

    static Stream<Arguments> nestings() {
        return Stream.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3)
                .flatMap(outer -> Stream.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3)
                        .map(inner -> Arguments.of(outer, inner)));
    }

    private HopPair pair() throws IOException {
        String name = Http3Transport.name();
        return new HopPair(directory, name, name, name);
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void bytesGoThroughBoth(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
            byte[] sent = new byte[BULK];
            new Random(7).nextBytes(sent);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    tunnel.outputStream().write(sent);
                    tunnel.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });

            byte[] received = tunnel.inputStream().readAllBytes();

            writing.join();
            assertThat(received).isEqualTo(sent);
            assertThat(tunnel.version()).isEqualTo(inner);
        }
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void datagramsGoThroughBoth(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                UdpTunnel tunnel = client.openUdp(Target.parse(origins.udpEcho()))) {
            int largest = Math.min(tunnel.maxPayload(), 1_400);
            for (int size : new int[] {0, 1, 600, 1_100, largest}) {
                assertThat(echoed(tunnel, size)).as("%s bytes", size).isTrue();
            }
        }
    }

    /** Datagrams may be lost: asks a few times. */
    private static boolean echoed(UdpTunnel tunnel, int size) throws IOException {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        for (int i = 0; i < 20; i++) {
            tunnel.send(payload);
            Optional<ByteBuffer> answer = tunnel.receive(Duration.ofSeconds(1));
            while (answer.isPresent()) {
                if (answer.get().equals(ByteBuffer.wrap(payload))) {
                    return true;
                }
                answer = tunnel.receive(Duration.ofMillis(100));
            }
        }
        return false;
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void theFirstLeadsToTheSecondOnly(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(Hop.to("https://other.example:1").versions(inner))
                        .build()) {
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> client.openTcp(Target.parse(origins.tcpEcho())))
                    .satisfies(failure -> assertThat(failure.hop()).isEqualTo(1));
        }
    }
}
