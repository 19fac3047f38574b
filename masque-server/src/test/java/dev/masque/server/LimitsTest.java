package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamHandler;
import dev.masque.server.auth.Authenticators;
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
            ClientStream refused = proxy.connect("93.184.216.34:443");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.error()).isEqualTo(ProxyErrorType.CONNECTION_LIMIT_REACHED);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(proxy.newClient().request(CONNECT).isAnswered()).isFalse();

            first.client().end();
            first.target().end();
            assertThat(proxy.connect("93.184.216.34:443").isAnswered()).isFalse();
        }
    }

    @Test
    void tunnelsInAllAreBoundedThoseThatAreBeingSetUpIncluded() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxTunnels(2, 2))) {
            proxy.connect("93.184.216.34:443");
            proxy.newClient().request(CONNECT);
            assertThat(proxy.newClient().request(CONNECT).status()).isEqualTo(503);
            proxy.targets.attempt(0).fail(ProxyErrorType.CONNECTION_REFUSED);
            assertThat(proxy.newClient().request(CONNECT).isAnswered()).isFalse();
        }
    }

    @Test
    void aRefusedOrLostTunnelGivesItsPlaceBackOnce() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxTunnels(1, 1))) {
            for (int i = 0; i < 5; i++) {
                ClientStream refused = proxy.connect("10.0.0.1:80");
                assertThat(refused.status()).isEqualTo(403);
                refused.end();
            }
            proxy.connect("93.184.216.34:443");
            assertThat(proxy.connect("93.184.216.34:443").status()).isEqualTo(503);
            proxy.session().breaks();
            ProxyClient next = proxy.newClient();
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
                assertThat(proxy.newClient().request(head).isAnswered()).isFalse();
            }
            ClientStream refused = proxy.newClient().request(head);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.error()).isEqualTo(ProxyErrorType.RATE_LIMITED);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(proxy.connectWithKey("93.184.216.34:443", "key-b").isAnswered())
                    .isFalse();
            proxy.timer.advance(Duration.ofMillis(500));
            assertThat(proxy.newClient().request(head).isAnswered()).isFalse();
            assertThat(proxy.newClient().request(head).status()).isEqualTo(429);
        }
    }

    @Test
    void clientsWithoutANameAreBoundedByTheirNetwork() {
        try (ServerHarness proxy = proxy(DEFAULTS.withNewTunnelsPerSecond(1))) {
            ProxyClient one = proxy.newClient("2001:db8:1:1::1");
            one.request(CONNECT);
            one.request(CONNECT);
            assertThat(proxy.newClient("2001:db8:1:2::2").request(CONNECT).status())
                    .isEqualTo(503);
            assertThat(proxy.newClient("2001:db8:2:1::1").request(CONNECT).isAnswered())
                    .isFalse();
        }
    }

    @Test
    void connectionsAreBounded() {
        try (ServerHarness proxy = proxy(DEFAULTS.withMaxConnections(1))) {
            ProxyClient first = proxy.session();
            assertThat(proxy.takesClients()).isFalse();
            assertThat(first.closed).isFalse();
            first.breaks();
            assertThat(proxy.takesClients()).isTrue();
        }
    }

    @Test
    void aClosedConnectionGetsNoTunnel() {
        try (ServerHarness proxy =
                ServerHarness.openOver(memory -> new WatchedTransport(memory, server -> new SessionHandler() {
                    @Override
                    public void opened(HttpSession session) {
                        server.opened(session);
                        server.closed(session, null);
                    }

                    @Override
                    public StreamHandler request(HttpStream stream) {
                        return server.request(stream);
                    }
                }))) {
            ClientStream stream = proxy.connect("93.184.216.34:443");
            assertThat(stream.failure()).isEqualTo(ResetReason.REFUSED);
            assertThat(proxy.targets.attempts).isEmpty();
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
