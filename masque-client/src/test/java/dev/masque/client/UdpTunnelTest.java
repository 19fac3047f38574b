package dev.masque.client;

import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class UdpTunnelTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    @AutoClose
    private MasqueClient client = Clients.to(proxy)
            .limits(ClientLimits.defaults().withBuffers(4096, 3))
            .build();

    private ProxiedStream stream() {
        return proxy.streams.get(0);
    }

    private static byte[] bytes(Optional<ByteBuffer> payload) {
        byte[] bytes = new byte[payload.orElseThrow().remaining()];
        payload.get().get(bytes);
        return bytes;
    }

    @Test
    void asksByTheDefaultTemplate() throws Exception {
        client.openUdp("2001:db8::1", 53).close();

        RequestHead head = stream().request();
        assertThat(head.protocol()).isEqualTo("connect-udp");
        assertThat(head.authority()).isEqualTo("192.0.2.1");
        assertThat(head.path()).isEqualTo("/.well-known/masque/udp/2001%3Adb8%3A%3A1/53/");
        assertThat(head.fields().first("capsule-protocol")).isEqualTo("?1");
    }

    @Test
    void asksByAnotherTemplate() throws Exception {
        client = Clients.to(proxy)
                .proxy("https://192.0.2.1:8443/masque{?target_host,target_port}")
                .build();
        client.openUdp("dns.example", 53).close();

        RequestHead head = stream().request();
        assertThat(head.authority()).isEqualTo("192.0.2.1:8443");
        assertThat(head.path()).isEqualTo("/masque?target_host=dns.example&target_port=53");
    }

    @Test
    void carriesDatagramsBothWays() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            assertThat(tunnel.send(new byte[] {1, 2, 3})).isTrue();

            assertThat(bytes(tunnel.receive(SOON))).containsExactly(1, 2, 3);
            assertThat(stream().datagrams().get(0)).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void carriesEmptyDatagrams() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            assertThat(tunnel.send(new byte[0])).isTrue();

            assertThat(bytes(tunnel.receive(SOON))).isEmpty();
        }
    }

    @Test
    void dropsUnknownContextsAndWhatHasNone() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            stream().datagram(new byte[] {2, 9});
            stream().datagram(new byte[] {});
            stream().datagram(new byte[] {0x40});
            stream().datagram(new byte[] {0x40, 0, 7}); // context id 0 in two bytes is legal

            assertThat(bytes(tunnel.receive(SOON))).containsExactly(7);
        }
    }

    @Test
    void aPayloadThatNoUdpPacketHasResetsTheTunnel() throws Exception {
        try (ScriptedProxy http3 = new ScriptedProxy(HttpVersion.HTTP_3)) { // which has a code for it
            client = Clients.to(http3).build();
            UdpTunnel tunnel = client.openUdp("dns.example", 53);
            http3.streams.get(0).datagram(new byte[1 + 65_528]);

            assertThat(http3.streams.get(0).clientReset.get()).isEqualTo(ResetReason.DATAGRAM_ERROR);
            assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> tunnel.receive(SOON));
            client.close();
        }
    }

    @Test
    void dropsTheOldestWhenNobodyReceives() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            for (byte i = 0; i < 5; i++) {
                stream().datagram(new byte[] {0, i});
            }
            until(() -> tunnel.dropped() == 2);

            assertThat(bytes(tunnel.receive(SOON))).containsExactly(2);
            assertThat(bytes(tunnel.receive(SOON))).containsExactly(3);
            assertThat(bytes(tunnel.receive(SOON))).containsExactly(4);
            assertThat(tunnel.receive(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void keepsDatagramsThatOvertakeTheResponse() throws Exception {
        UdpTunnel before = client.openUdp("dns.example", 53);
        proxy.onRequest = stream -> {
            stream().flush(); // datagrams leave with it, before what is done later
            stream.accept().datagram(new byte[] {0, 42});
        };
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            assertThat(bytes(tunnel.receive(SOON))).containsExactly(42);
        }
        before.close();
    }

    @Test
    void receiveEndsAfterItsTime() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            assertThat(tunnel.receive(Duration.ofMillis(20))).isEmpty();
        }
    }

    @Test
    void closeEndsAReceive() throws Exception {
        UdpTunnel tunnel = client.openUdp("dns.example", 53);
        CompletableFuture<Void> receiving = inBackground(() -> tunnel.receive(Duration.ofDays(1_000_000)));
        tunnel.close();

        assertThatThrownBy(receiving::get).hasRootCauseInstanceOf(SocketException.class);
        stream().clientEnded.get();
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> tunnel.send(new byte[1]));
    }

    @Test
    void theEndFromTheProxyEndsTheTunnelAfterWhatCameBefore() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            stream().datagram(new byte[] {0, 1});
            stream().replyEnd();
            until(() -> stream().isOver());

            assertThat(bytes(tunnel.receive(SOON))).containsExactly(1);
            assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> tunnel.receive(SOON));
            assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> tunnel.send(new byte[1]));
            assertThat(tunnel.maxPayload()).isZero();
        }
    }

    @Test
    void saysWhatFitsAndDropsWhatDoesNot() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            assertThat(tunnel.maxPayload()).isEqualTo(1199);
            assertThat(tunnel.send(new byte[1199])).isTrue();
            assertThat(tunnel.send(new byte[1200])).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> tunnel.send(new byte[65_528]));
        }
    }

    @Test
    void aListenerGetsWhatWaitedFirstAndTheEnd() throws Exception {
        List<Byte> taken = new CopyOnWriteArrayList<>();
        CompletableFuture<Optional<IOException>> ended = new CompletableFuture<>();
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            stream().datagram(new byte[] {0, 1});
            stream().datagram(new byte[] {0, 2});
            tunnel.listen(new DatagramListener() {
                @Override
                public void datagram(ByteBuffer payload) {
                    taken.add(payload.get());
                    throw new IllegalStateException("listeners may not break anything");
                }

                @Override
                public void closed(@Nullable IOException failure) {
                    ended.complete(Optional.ofNullable(failure));
                }
            });
            stream().datagram(new byte[] {0, 3});
            until(() -> taken.size() == 3);
            assertThatIllegalStateException().isThrownBy(() -> tunnel.receive(SOON));
            stream().resets(ResetReason.CONNECT_ERROR);

            assertThat(ended.get()).containsInstanceOf(TunnelException.class);
            assertThat(taken).containsExactly((byte) 1, (byte) 2, (byte) 3);
        }
    }

    @Test
    void aListenerThatComesLateHearsTheEnd() throws Exception {
        CompletableFuture<Optional<IOException>> ended = new CompletableFuture<>();
        UdpTunnel tunnel = client.openUdp("dns.example", 53);
        tunnel.close();
        until(() -> stream().isOver());
        tunnel.listen(new DatagramListener() {
            @Override
            public void datagram(ByteBuffer payload) {}

            @Override
            public void closed(@Nullable IOException failure) {
                ended.complete(Optional.ofNullable(failure));
            }
        });

        assertThat(ended.get()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "204, x-a, b",
        "205, x-a, b",
        "206, x-a, b",
        "200, content-length, 0",
        "200, content-type, text/html",
        "200, transfer-encoding, chunked"
    })
    void aResponseThatCannotCarryCapsulesIsMalformed(int status, String name, String value) throws Exception {
        proxy.onRequest = stream -> stream.respond(status, name, value);

        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(() -> client.openUdp("dns.example", 53))
                .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.REQUEST));
        assertThat(stream().clientReset.get()).isEqualTo(ResetReason.MALFORMED);
    }

    @Test
    void aProxyWithoutExtendedConnectCannotDoUdp() throws Exception {
        ScriptedProxy plain = ScriptedProxy.withoutExtendedConnect();
        client = Clients.to(plain).build();

        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(() -> client.openUdp("dns.example", 53))
                .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.REQUEST))
                .satisfies(e -> assertThat(e.retryable()).isFalse());
        assertThat(plain.streams).isEmpty();
        client.close();
        plain.close();
    }
}
