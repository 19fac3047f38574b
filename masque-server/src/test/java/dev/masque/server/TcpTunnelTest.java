package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.ResetReason;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.event.TunnelOpened;
import dev.masque.server.fake.FakeSocket;
import dev.masque.server.fake.FakeStream;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TcpTunnelTest {
    @AutoClose
    private final ServerHarness proxy = ServerHarness.open();

    private TunnelClosed closed() {
        return proxy.events.of(TunnelClosed.class).get(0);
    }

    @Test
    void theAnswerWaitsForTheConnection() {
        FakeStream client = proxy.connect("93.184.216.34:443");
        assertThat(client.isAnswered()).isFalse();
        proxy.network.attempt(0).succeed();
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.field("proxy-status")).isEqualTo("masque-proxy");
        assertThat(client.field("server-timing")).startsWith("proxy;dur=");
        assertThat(client.response().fields().contains("content-length")).isFalse();
        assertThat(client.response().fields().contains("transfer-encoding")).isFalse();
        assertThat(client.response().fields().contains("alt-svc")).isFalse();
    }

    @Test
    void bytesFlowBothWaysAndAreFlushedOncePerBatch() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().arrives("ping");
        tunnel.target().arrives("pong!");
        assertThat(tunnel.target().text()).isEqualTo("ping");
        assertThat(tunnel.target().flushed).isTrue();
        assertThat(tunnel.client().text()).isEqualTo("pong!");
        assertThat(tunnel.client().flushed).isTrue();
    }

    @Test
    void eachDirectionEndsAlone() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().peerEnds();
        assertThat(tunnel.target().ended).isTrue();
        assertThat(tunnel.client().ended).isFalse();
        tunnel.target().arrives("still here");
        assertThat(tunnel.client().text()).isEqualTo("still here");
        tunnel.target().peerEnds();
        assertThat(tunnel.client().ended).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.COMPLETED);
        assertThat(proxy.server.tunnels()).isZero();
    }

    @Test
    void theTargetMayEndFirst() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.target().peerEnds();
        assertThat(tunnel.client().ended).isTrue();
        tunnel.client().arrives("one more");
        assertThat(tunnel.target().text()).isEqualTo("one more");
        tunnel.client().peerEnds();
        assertThat(closed().reason()).isEqualTo(CloseReason.COMPLETED);
    }

    @Test
    void aResetOfTheTargetIsAConnectError() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.target().peerResets(ResetReason.OTHER);
        assertThat(tunnel.client().reset).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(closed().reason()).isEqualTo(CloseReason.TARGET_FAILED);
    }

    @Test
    void aResetOfTheClientResetsTheTarget() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().peerResets(ResetReason.CANCEL);
        assertThat(tunnel.target().reset).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    @Test
    void aLostConnectionOfTheClientResetsTheTarget() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        proxy.session().breaks();
        assertThat(tunnel.target().reset).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT_LOST);
        assertThat(proxy.server.connections()).isZero();
    }

    @Test
    void aResetAfterOneEndStillGoesThrough() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().peerEnds();
        tunnel.target().peerResets(ResetReason.OTHER);
        assertThat(tunnel.client().reset).isEqualTo(ResetReason.CONNECT_ERROR);
    }

    @Test
    void aSlowTargetStopsTheClientAndABusyClientTheTarget() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.target().full = true;
        tunnel.client().arrives("a");
        assertThat(tunnel.client().paused).isTrue();
        tunnel.target().empties();
        assertThat(tunnel.client().paused).isFalse();

        tunnel.client().full = true;
        tunnel.target().arrives("b");
        assertThat(tunnel.target().paused).isTrue();
        tunnel.client().empties();
        assertThat(tunnel.target().paused).isFalse();
    }

    @Test
    void bytesAndTimeAreAccounted() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().arrives("12345");
        tunnel.target().arrives("123");
        proxy.timer.advance(Duration.ofSeconds(3));
        tunnel.client().peerEnds();
        tunnel.target().peerEnds();
        assertThat(closed().toTarget()).isEqualTo(5);
        assertThat(closed().toClient()).isEqualTo(3);
        assertThat(closed().duration()).isEqualTo(Duration.ofSeconds(3));
        TunnelOpened opened = proxy.events.of(TunnelOpened.class).get(0);
        assertThat(closed().opened()).isEqualTo(opened);
        assertThat(opened.kind()).isEqualTo(TunnelKind.TCP);
        assertThat(proxy.events.of(RequestAnswered.class).get(0).status()).isEqualTo(200);
    }

    @Test
    void anIdleTunnelEndsAndABusyOneDoesNot() {
        ServerHarness.Tcp busy = proxy.tunnel();
        ServerHarness.Tcp idle = proxy.tunnel();
        for (int minute = 0; minute < 31; minute++) {
            proxy.timer.advance(Duration.ofMinutes(1));
            busy.target().arrives(".");
        }
        assertThat(busy.client().reset).isNull();
        assertThat(idle.client().reset).isNotNull();
        assertThat(idle.target().reset).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.IDLE);
        assertThat(proxy.server.tunnels()).isEqualTo(1);
    }

    @Test
    void aHalfClosedTunnelInWhichNothingMovesEndsSooner() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().peerEnds();
        proxy.timer.advance(Duration.ofSeconds(50));
        tunnel.target().arrives("more");
        proxy.timer.advance(Duration.ofSeconds(50));
        assertThat(tunnel.client().reset).isNull();
        proxy.timer.advance(Duration.ofSeconds(15));
        assertThat(tunnel.client().reset).isNotNull();
    }

    @Test
    void aClientThatLeavesWhileConnectingStopsTheAttempt() {
        FakeStream client = proxy.connect("93.184.216.34:443");
        client.peerResets(ResetReason.CANCEL);
        assertThat(proxy.network.attempt(0).result).isCancelled();
        assertThat(client.isAnswered()).isFalse();
    }

    @Test
    void aConnectionThatStandsAfterTheClientHasLeftIsReset() {
        FakeStream client = proxy.connect("93.184.216.34:443");
        proxy.session().breaks();
        FakeSocket target = proxy.network.attempt(0).succeed();
        assertThat(target.reset).isNotNull();
        assertThat(client.isAnswered()).isFalse();
        assertThat(proxy.server.tunnels()).isZero();
    }

    @Test
    void aTargetThatDiesRightAfterConnectingResetsTheClient() {
        FakeStream client = proxy.connect("93.184.216.34:443");
        FakeSocket target = proxy.network.attempt(0).succeed();
        target.peerResets(ResetReason.OTHER);
        assertThat(client.reset).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(proxy.server.tunnels()).isZero();
    }
}
