package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.Bytes;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.fake.FakeStream;
import dev.masque.server.fake.FakeUdpSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UdpTunnelTest {
    @AutoClose
    private final ServerHarness proxy = ServerHarness.open();

    private final FakeStream client = proxy.connectUdp("93.184.216.34", 443);

    private FakeUdpSocket socket() {
        return proxy.network.udpAttempts.get(0).succeed();
    }

    private TunnelClosed closed() {
        return proxy.events.of(TunnelClosed.class).get(0);
    }

    private FakeStream ask(String authority, String path) {
        return proxy.session().request(RequestHead.connectUdp(authority, path, HeaderFields.empty()));
    }

    private static Bytes bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Bytes.copyOf(bytes);
    }

    @Test
    void theAnswerWaitsForTheSocketAndSpeaksTheCapsuleProtocol() {
        assertThat(client.isAnswered()).isFalse();
        socket();
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.field("capsule-protocol")).isEqualTo("?1");
        assertThat(client.field("alt-svc")).isEqualTo("h3=\":443\"; ma=86400");
        assertThat(client.response().fields().contains("content-length")).isFalse();
    }

    @Test
    void datagramsFlowBothWays() {
        FakeUdpSocket socket = socket();
        client.datagramArrives(0, 1, 2, 3);
        assertThat(socket.sent).containsExactly(bytes(1, 2, 3));
        assertThat(socket.flushed).isTrue();
        socket.arrives((byte) 4, (byte) 5);
        assertThat(client.datagrams).containsExactly(bytes(0, 4, 5));
        assertThat(client.flushed).isTrue();
    }

    @Test
    void emptyPayloadsAreDatagramsToo() {
        FakeUdpSocket socket = socket();
        client.datagramArrives(0);
        socket.arrives();
        assertThat(socket.sent).containsExactly(bytes());
        assertThat(client.datagrams).containsExactly(bytes(0));
    }

    @Test
    void aContextIdMayBeLongerThanItNeedsToBe() {
        FakeUdpSocket socket = socket();
        client.datagramArrives(0x40, 0, 7);
        client.datagramArrives(0x80, 0, 0, 0, 8);
        client.datagramArrives(0xc0, 0, 0, 0, 0, 0, 0, 0, 9);
        assertThat(socket.sent).containsExactly(bytes(7), bytes(8), bytes(9));
    }

    @Test
    void unknownContextsAndTornIdsAreDropped() {
        FakeUdpSocket socket = socket();
        client.datagramArrives(2, 1);
        client.datagramArrives(0x40);
        client.datagramArrives();
        client.datagramArrives(0x40, 1, 1);
        assertThat(socket.sent).isEmpty();
        assertThat(client.reset).isNull();
    }

    @Test
    void theLargestPayloadPassesAndOneByteMoreAbortsTheStream() {
        FakeUdpSocket socket = socket();
        client.datagramArrives(ByteBuffer.allocate(1 + 65_527));
        assertThat(socket.sent).hasSize(1);
        client.datagramArrives(ByteBuffer.allocate(1 + 65_528));
        assertThat(client.reset).isEqualTo(ResetReason.DATAGRAM_ERROR);
        assertThat(socket.closed).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void aLargeAnswerPasses() {
        FakeUdpSocket socket = socket();
        socket.arrives(new byte[65_507]);
        socket.arrives(new byte[3]);
        assertThat(client.datagrams).extracting(Bytes::size).containsExactly(65_508, 4);
    }

    @Test
    void datagramsBeforeTheAnswerAreKeptWithinBounds() {
        for (int i = 0; i < 100; i++) {
            client.datagramArrives(0, i);
        }
        FakeUdpSocket socket = socket();
        assertThat(socket.sent).hasSize(16).startsWith(bytes(0), bytes(1));
    }

    @Test
    void largeDatagramsBeforeTheAnswerAreKeptWithinBounds() {
        for (int i = 0; i < 16; i++) {
            client.datagramArrives(ByteBuffer.allocate(10_000));
        }
        assertThat(socket().sent).hasSize(3);
    }

    @Test
    void anIcmpErrorClosesTheTunnel() {
        socket().fails();
        assertThat(client.reset).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(closed().reason()).isEqualTo(CloseReason.TARGET_FAILED);
        assertThat(proxy.server.tunnels()).isZero();
    }

    @Test
    void theEndOfTheStreamClosesTheSocket() {
        FakeUdpSocket socket = socket();
        client.peerEnds();
        assertThat(socket.closed).isTrue();
        assertThat(client.ended).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.COMPLETED);
    }

    @Test
    void aResetStreamClosesTheSocket() {
        FakeUdpSocket socket = socket();
        client.peerResets(ResetReason.CANCEL);
        assertThat(socket.closed).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    @Test
    void anEndBeforeTheAnswerIsNotForgotten() {
        client.peerEnds();
        FakeUdpSocket socket = socket();
        assertThat(socket.closed).isTrue();
        assertThat(client.ended).isTrue();
    }

    @Test
    void anIdleTunnelLivesForTwoMinutes() {
        FakeUdpSocket socket = socket();
        proxy.timer.advance(Duration.ofSeconds(119));
        client.datagramArrives(0, 1);
        proxy.timer.advance(Duration.ofSeconds(119));
        assertThat(socket.closed).isFalse();
        proxy.timer.advance(Duration.ofSeconds(4));
        assertThat(socket.closed).isTrue();
        assertThat(client.reset).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.IDLE);
    }

    @Test
    void aFullSocketDropsAndIsNotAccounted() {
        FakeUdpSocket socket = socket();
        socket.full = true;
        client.datagramArrives(0, 1, 2);
        socket.full = false;
        client.datagramArrives(0, 1);
        client.peerEnds();
        assertThat(closed().toTarget()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"proxy.example", "proxy.example:443", "PROXY.example:8443", "127.0.0.1", "[::1]:443"})
    void theAuthorityMayHaveAPortOrNot(String authority) {
        ask(authority, "/.well-known/masque/udp/93.184.216.34/443/");
        assertThat(proxy.network.udpAttempts).hasSize(2);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/.well-known/masque/udp/93.184.216.34/0/, 400",
        "/.well-known/masque/udp/93.184.216.34/65536/, 400",
        "/.well-known/masque/udp/93.184.216.34/x/, 400",
        "/.well-known/masque/udp/2130706433/443/, 400",
        "/.well-known/masque/udp/0x7f.1/443/, 400",
        "/.well-known/masque/udp/fe80%3A%3A1%25eth0/443/, 400",
        "/.well-known/masque/udp/a%0d%0ab/443/, 400",
        "/.well-known/masque/udp/a%20b/443/, 400",
        "/.well-known/masque/udp/%ff/443/, 400",
        "/.well-known/masque/udp//443/, 400",
        "/.well-known/masque/tcp/93.184.216.34/443/, 404",
        "/, 404",
    })
    void aBadTargetIsRefusedBeforeAnySocket(String path, int status) {
        FakeStream refused = ask("proxy.example", path);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.error()).isEqualTo(ProxyErrorType.HTTP_REQUEST_ERROR);
        assertThat(proxy.network.udpAttempts).hasSize(1);
        assertThat(proxy.network.asked).isEmpty();
    }

    @Test
    void theHighestPortIsLegal() {
        ask("proxy.example", "/.well-known/masque/udp/93.184.216.34/65535/");
        assertThat(proxy.network.udpAttempts).hasSize(2);
    }

    @Test
    void ipv6TargetsArePercentEncoded() {
        ask("proxy.example", "/.well-known/masque/udp/2606%3A4700%3A%3A1111/443/");
        assertThat(proxy.network.udpAttempts.get(1).target().getAddress().getHostAddress())
                .isEqualTo("2606:4700:0:0:0:0:0:1111");
    }

    @Test
    void badAuthoritiesAreRefused() {
        assertThat(ask("user@proxy.example", "/.well-known/masque/udp/1.1.1.1/53/")
                        .status())
                .isEqualTo(400);
        assertThat(ask("proxy.example:0", "/.well-known/masque/udp/1.1.1.1/53/").status())
                .isEqualTo(400);
    }

    @Test
    void otherProtocolsAreNotServed() {
        FakeStream refused = proxy.session()
                .request(new RequestHead(
                        "CONNECT", "https", "proxy.example", "/chat", "websocket", HeaderFields.empty()));
        assertThat(refused.status()).isEqualTo(501);
    }
}
