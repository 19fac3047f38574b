package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.fake.FakeSession;
import dev.masque.server.fake.FakeStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final ServerLimits DEFAULTS = ServerLimits.defaults();
    private static final RequestHead CONNECT = RequestHead.connect("93.184.216.34:443", HeaderFields.empty());

    private static ServerHarness proxy(ServerLimits limits) {
        return ServerHarness.open(builder -> builder.limits(limits));
    }

    @Test
    void tunnelsOfAConnectionAreBounded() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxTunnels(100, 2))) {
            ServerHarness.Tcp first = proxy.tunnel();
            proxy.tunnel();
            FakeStream refused = proxy.connect("93.184.216.34:443");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.error()).isEqualTo(ProxyErrorType.CONNECTION_LIMIT_REACHED);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(proxy.transport.connect().request(CONNECT).isAnswered()).isFalse();

            first.client().peerEnds();
            first.target().peerEnds();
            assertThat(proxy.connect("93.184.216.34:443").isAnswered()).isFalse();
        }
    }

    @Test
    void tunnelsInAllAreBoundedThoseThatAreBeingSetUpIncluded() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxTunnels(2, 2))) {
            proxy.connect("93.184.216.34:443");
            proxy.transport.connect().request(CONNECT);
            assertThat(proxy.transport.connect().request(CONNECT).status()).isEqualTo(503);
            proxy.network.attempt(0).fail(ProxyErrorType.CONNECTION_REFUSED);
            assertThat(proxy.transport.connect().request(CONNECT).isAnswered()).isFalse();
        }
    }

    @Test
    void aRefusedOrLostTunnelGivesItsPlaceBackOnce() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxTunnels(1, 1))) {
            for (int i = 0; i < 5; i++) {
                FakeStream refused = proxy.connect("10.0.0.1:80");
                assertThat(refused.status()).isEqualTo(403);
                refused.peerEnds();
            }
            proxy.connect("93.184.216.34:443");
            assertThat(proxy.connect("93.184.216.34:443").status()).isEqualTo(503);
            proxy.session().breaks();
            FakeSession next = proxy.transport.connect();
            assertThat(next.request(CONNECT).isAnswered()).isFalse();
            assertThat(next.request(CONNECT).status()).isEqualTo(503);
        }
    }

    @Test
    void newTunnelsOfAPrincipalAreBoundedOverAllItsConnections() {
        ServerLimits limits = DEFAULTS.withNewTunnelsPerSecond(2);
        try (ServerHarness proxy = new ServerHarness(builder -> builder.limits(limits)
                .responseProfile(ResponseProfile.RFC)
                .authenticate(Authenticators.preshared(Map.of("a", "key-a", "b", "key-b"))))) {
            RequestHead head =
                    RequestHead.connect("93.184.216.34:443", HeaderFields.of("proxy-authorization", "Preshared key-a"));
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.transport.connect().request(head).isAnswered()).isFalse();
            }
            FakeStream refused = proxy.transport.connect().request(head);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.error()).isEqualTo(ProxyErrorType.RATE_LIMITED);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(proxy.connectWithKey("93.184.216.34:443", "key-b").isAnswered())
                    .isFalse();
            proxy.timer.advance(Duration.ofMillis(500));
            assertThat(proxy.transport.connect().request(head).isAnswered()).isFalse();
            assertThat(proxy.transport.connect().request(head).status()).isEqualTo(429);
        }
    }

    @Test
    void clientsWithoutANameAreBoundedByTheirNetwork() {
        try (ServerHarness proxy = proxy(DEFAULTS.withNewTunnelsPerSecond(1))) {
            FakeSession one = proxy.transport.connect("2001:db8:1:1::1");
            one.request(CONNECT);
            one.request(CONNECT);
            assertThat(proxy.transport
                            .connect("2001:db8:1:2::2")
                            .request(CONNECT)
                            .status())
                    .isEqualTo(503);
            assertThat(proxy.transport
                            .connect("2001:db8:2:1::1")
                            .request(CONNECT)
                            .isAnswered())
                    .isFalse();
        }
    }

    @Test
    void connectionsAreBounded() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxConnections(1))) {
            FakeSession first = proxy.session();
            assertThat(proxy.transport.connect().closed).isTrue();
            assertThat(first.closed).isFalse();
            first.breaks();
            assertThat(proxy.transport.connect().closed).isFalse();
        }
    }

    @Test
    void aClosedConnectionGetsNoTunnel() {
        try (ServerHarness proxy = ServerHarness.open()) {
            FakeSession session = proxy.session();
            session.close();
            FakeStream stream = session.request(CONNECT);
            assertThat(stream.reset).isNotNull();
        }
    }

    @Test
    void limitsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> DEFAULTS.withMaxTunnels(0, 1)).hasMessageContaining("maxTunnels");
        assertThatThrownBy(() -> DEFAULTS.withMaxTunnels(1, 0)).hasMessageContaining("maxTunnelsPerConnection");
        assertThatThrownBy(() -> DEFAULTS.withTargetTimeouts(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("resolveTimeout");
    }
}
