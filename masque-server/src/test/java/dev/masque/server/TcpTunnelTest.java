package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.ResetReason;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.event.TunnelOpened;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TcpTunnelTest {
    /** The windows of the stream and of the connection, and what each writer queues in front of its own: far below no bound. */
    private static final int BUFFERED = 2 << 20;

    @AutoClose
    private final ServerHarness proxy = ServerHarness.open();

    private TunnelClosed closed() {
        return proxy.events.of(TunnelClosed.class).get(0);
    }

    @Test
    void theAnswerWaitsForTheConnection() {
        ClientStream client = proxy.connect("93.184.216.34:443");
        assertThat(client.isAnswered()).isFalse();
        proxy.targets.attempt(0).succeed();
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
        tunnel.client().send("ping");
        tunnel.target().send("pong!");
        assertThat(tunnel.target().text()).isEqualTo("ping");
        assertThat(tunnel.target().events().batches()).isEqualTo(1);
        assertThat(tunnel.client().text()).isEqualTo("pong!");
        assertThat(tunnel.client().batches()).isEqualTo(1);
    }

    @Test
    void eachDirectionEndsAlone() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().end();
        assertThat(tunnel.target().isEnded()).isTrue();
        assertThat(tunnel.client().isEnded()).isFalse();
        tunnel.target().send("still here");
        assertThat(tunnel.client().text()).isEqualTo("still here");
        tunnel.target().end();
        assertThat(tunnel.client().isEnded()).isTrue();
        assertThat(closed().reason()).isEqualTo(CloseReason.COMPLETED);
        assertThat(proxy.server.tunnels()).isZero();
    }

    @Test
    void theTargetMayEndFirst() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.target().end();
        assertThat(tunnel.client().isEnded()).isTrue();
        tunnel.client().send("one more");
        assertThat(tunnel.target().text()).isEqualTo("one more");
        tunnel.client().end();
        assertThat(closed().reason()).isEqualTo(CloseReason.COMPLETED);
    }

    @Test
    void aResetOfTheTargetIsAConnectError() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.target().reset();
        assertThat(tunnel.client().failure()).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(closed().reason()).isEqualTo(CloseReason.TARGET_FAILED);
    }

    @Test
    void aResetOfTheClientResetsTheTarget() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().reset(ResetReason.CANCEL);
        assertThat(tunnel.target().failure()).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    @Test
    void aLostConnectionOfTheClientResetsTheTarget() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        proxy.session().breaks();
        assertThat(tunnel.target().failure()).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT_LOST);
        assertThat(proxy.server.connections()).isZero();
    }

    @Test
    void aResetAfterOneEndStillGoesThrough() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().end();
        tunnel.target().reset();
        assertThat(tunnel.client().failure()).isEqualTo(ResetReason.CONNECT_ERROR);
    }

    @Test
    void aSlowTargetStopsTheClientAndABusyClientTheTarget() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.target().stream().pause();
        int toTarget = tunnel.client().sendUntilStopped();
        assertThat(toTarget).isLessThan(BUFFERED);
        assertThat(tunnel.target().received()).isZero();
        tunnel.target().stream().resume();
        assertThat(tunnel.target().received()).isEqualTo(toTarget);
        assertThat(tunnel.client().isWritable()).isTrue();

        tunnel.client().pause();
        int toClient = tunnel.target().sendUntilStopped();
        assertThat(toClient).isLessThan(BUFFERED);
        assertThat(tunnel.client().received()).isZero();
        tunnel.client().resume();
        assertThat(tunnel.client().received()).isEqualTo(toClient);
        assertThat(tunnel.target().stream().isWritable()).isTrue();
    }

    @Test
    void bytesAndTimeAreAccounted() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().send("12345");
        tunnel.target().send("123");
        proxy.timer.advance(Duration.ofSeconds(3));
        tunnel.client().end();
        tunnel.target().end();
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
            busy.target().send(".");
        }
        assertThat(busy.client().failure()).isNull();
        assertThat(idle.client().failure()).isNotNull();
        assertThat(idle.target().failure()).isNotNull();
        assertThat(closed().reason()).isEqualTo(CloseReason.IDLE);
        assertThat(proxy.server.tunnels()).isEqualTo(1);
    }

    @Test
    void aHalfClosedTunnelInWhichNothingMovesEndsSooner() {
        ServerHarness.Tcp tunnel = proxy.tunnel();
        tunnel.client().end();
        proxy.timer.advance(Duration.ofSeconds(50));
        tunnel.target().send("more");
        proxy.timer.advance(Duration.ofSeconds(50));
        assertThat(tunnel.client().failure()).isNull();
        proxy.timer.advance(Duration.ofSeconds(15));
        assertThat(tunnel.client().failure()).isNotNull();
    }

    @Test
    void aClientThatLeavesWhileConnectingStopsTheAttempt() {
        ClientStream client = proxy.connect("93.184.216.34:443");
        client.reset(ResetReason.CANCEL);
        assertThat(proxy.targets.attempt(0).dial().isOpen()).isFalse();
        assertThat(client.isAnswered()).isFalse();
    }

    @Test
    void aConnectionThatStandsAfterTheClientHasLeftIsReset() {
        try (ServerHarness late = ServerHarness.openLate()) {
            ClientStream client = late.connect("93.184.216.34:443");
            late.session().breaks();
            Targets.Tcp target = late.targets.attempt(0).succeed();
            assertThat(target.failure()).isNotNull();
            assertThat(client.isAnswered()).isFalse();
            assertThat(late.server.tunnels()).isZero();
        }
    }

    @Test
    void aTargetThatDiesRightAfterConnectingResetsTheClient() {
        ClientStream client = proxy.connect("93.184.216.34:443");
        Targets.Tcp target = proxy.targets.attempt(0).succeed();
        target.reset();
        assertThat(client.failure()).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(proxy.server.tunnels()).isZero();
    }
}
