package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.Bytes;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionLimits;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.TunnelClosed;
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

    private final ClientStream client = proxy.connectUdp("93.184.216.34", 443);

    private Targets.Udp socket() {
        return proxy.targets.udpAttempts.get(0).succeed();
    }

    private TunnelClosed closed() {
        return proxy.events.of(TunnelClosed.class).get(0);
    }

    private ClientStream ask(String authority, String path) {
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
        Targets.Udp socket = socket();
        client.sendDatagram(0, 1, 2, 3);
        assertThat(socket.received()).containsExactly(bytes(1, 2, 3));
        socket.send((byte) 4, (byte) 5);
        assertThat(client.datagrams()).containsExactly(bytes(0, 4, 5));
    }

    @Test
    void emptyPayloadsAreDatagramsToo() {
        Targets.Udp socket = socket();
        client.sendDatagram(0);
        socket.send();
        assertThat(socket.received()).containsExactly(bytes());
        assertThat(client.datagrams()).containsExactly(bytes(0));
    }

    @Test
    void aContextIdMayBeLongerThanItNeedsToBe() {
        Targets.Udp socket = socket();
        client.sendDatagram(0x40, 0, 7);
        client.sendDatagram(0x80, 0, 0, 0, 8);
        client.sendDatagram(0xc0, 0, 0, 0, 0, 0, 0, 0, 9);
        assertThat(socket.received()).containsExactly(bytes(7), bytes(8), bytes(9));
    }

    @Test
    void unknownContextsAndTornIdsAreDropped() {
        Targets.Udp socket = socket();
        client.sendDatagram(2, 1);
        client.sendDatagram(0x40);
        client.sendDatagram();
        client.sendDatagram(0x40, 1, 1);
        assertThat(socket.received()).isEmpty();
        assertThat(client.failure()).isNull();
    }

    @Test
    void theLargestPayloadPassesAndOneByteMoreAbortsTheStream() {
        Targets.Udp socket = socket();
        client.sendDatagram(ByteBuffer.allocate(1 + 65_527));
        assertThat(socket.received()).hasSize(1);
        client.sendDatagram(ByteBuffer.allocate(1 + 65_528));
        assertThat(client.failure()).isNotNull();
        assertThat(socket.isClosed()).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void aPayloadThatIsTooLargeIsADatagramErrorWhereThereIsACodeForThat() {
        ClientStream http3 =
                proxy.newClient(HttpVersion.HTTP_3, SessionLimits.defaults()).request(client.request());
        proxy.targets.udpAttempts.get(1).succeed();
        http3.sendDatagram(ByteBuffer.allocate(1 + 65_528));
        assertThat(http3.failure()).isEqualTo(ResetReason.DATAGRAM_ERROR);
    }

    @Test
    void aLargeAnswerPasses() {
        Targets.Udp socket = socket();
        socket.send(new byte[65_507]);
        socket.send(new byte[3]);
        assertThat(client.datagrams()).extracting(Bytes::size).containsExactly(65_508, 4);
    }

    @Test
    void datagramsBeforeTheAnswerAreKeptWithinBounds() {
        for (int i = 0; i < 100; i++) {
            client.sendDatagram(0, i);
        }
        Targets.Udp socket = socket();
        assertThat(socket.received()).hasSize(16).startsWith(bytes(0), bytes(1));
    }

    @Test
    void largeDatagramsBeforeTheAnswerAreKeptWithinBounds() {
        for (int i = 0; i < 16; i++) {
            client.sendDatagram(ByteBuffer.allocate(10_000));
        }
        assertThat(socket().received()).hasSize(3);
    }

    @Test
    void anIcmpErrorClosesTheTunnel() {
        socket().close();
        client.sendDatagram(0, 1);
        assertThat(client.failure()).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(closed().reason()).isEqualTo(CloseReason.TARGET_FAILED);
        assertThat(proxy.server.tunnels()).isZero();
    }

    @Test
    void theEndOfTheStreamClosesTheSocket() {
        Targets.Udp socket = socket();
        client.end();
        assertThat(socket.isClosed()).isTrue();
        assertThat(client.isEnded()).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.COMPLETED);
    }

    @Test
    void aResetStreamClosesTheSocket() {
        Targets.Udp socket = socket();
        client.reset(ResetReason.CANCEL);
        assertThat(socket.isClosed()).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    @Test
    void anEndBeforeTheAnswerIsNotForgotten() {
        client.end();
        Targets.Udp socket = socket();
        assertThat(socket.isClosed()).isTrue();
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void anIdleTunnelLivesForTwoMinutes() {
        Targets.Udp socket = socket();
        proxy.timer.advance(Duration.ofSeconds(119));
        client.sendDatagram(0, 1);
        proxy.timer.advance(Duration.ofSeconds(119));
        assertThat(socket.isClosed()).isFalse();
        proxy.timer.advance(Duration.ofSeconds(4));
        assertThat(socket.isClosed()).isTrue();
        assertThat(client.failure()).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.IDLE);
    }

    @Test
    void aFullSocketDropsAndIsNotAccounted() {
        Targets.Udp socket = socket();
        socket.whileBusy(() -> {
            for (int i = 0; i < 1_000; i++) {
                client.sendDatagram(0, 1, 2);
            }
        });
        int taken = socket.received().size();
        assertThat(taken).isBetween(1, 999);
        client.sendDatagram(0, 1);
        client.end();
        assertThat(socket.received()).hasSize(taken + 1);
        assertThat(closed().toTarget()).isEqualTo(2 * taken + 1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"proxy.example", "proxy.example:443", "PROXY.example:8443", "127.0.0.1", "[::1]:443"})
    void theAuthorityMayHaveAPortOrNot(String authority) {
        ask(authority, "/.well-known/masque/udp/93.184.216.34/443/");
        assertThat(proxy.targets.udpAttempts).hasSize(2);
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
        ClientStream refused = ask("proxy.example", path);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.error()).isEqualTo(ProxyErrorType.HTTP_REQUEST_ERROR);
        assertThat(proxy.targets.udpAttempts).hasSize(1);
        assertThat(proxy.targets.asked).isEmpty();
    }

    @Test
    void theHighestPortIsLegal() {
        ask("proxy.example", "/.well-known/masque/udp/93.184.216.34/65535/");
        assertThat(proxy.targets.udpAttempts).hasSize(2);
    }

    @Test
    void ipv6TargetsArePercentEncoded() {
        ask("proxy.example", "/.well-known/masque/udp/2606%3A4700%3A%3A1111/443/");
        assertThat(proxy.targets.udpAttempts.get(1).dial().target().getAddress().getHostAddress())
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
        ClientStream refused = proxy.session()
                .request(new RequestHead(
                        "CONNECT", "https", "proxy.example", "/chat", "websocket", HeaderFields.empty()));
        assertThat(refused.status()).isEqualTo(501);
    }
}
