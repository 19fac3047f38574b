package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.event.ClientListener;
import dev.masque.client.event.ConnectFailed;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PoolTest {
    private static final Target TARGET = Target.of("example.com", 443);

    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    @AutoClose
    private MasqueClient client = Clients.to(proxy).build();

    private List<TcpTunnel> open(int count) {
        List<CompletableFuture<TcpTunnel>> opening = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opening.add(client.openTcpAsync(TARGET).toCompletableFuture());
        }
        return opening.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void oneSessionCarriesManyTunnels() {
        assertThat(open(50)).hasSize(50);
        assertThat(proxy.connects).hasSize(1);
    }

    @Test
    void callsThatComeTogetherShareOneAttempt() throws Exception {
        CompletableFuture<Boolean> gate = new CompletableFuture<>();
        proxy.onConnect = attempt -> gate;
        List<CompletableFuture<TcpTunnel>> opening = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            opening.add(client.openTcpAsync(TARGET).toCompletableFuture());
        }
        gate.complete(true);
        opening.forEach(CompletableFuture::join);

        assertThat(proxy.connects).hasSize(1);
        assertThat(proxy.sessions).hasSize(1);
    }

    @Test
    void anotherSessionIsMadeWhenOneIsFull() throws Exception {
        try (ScriptedProxy small = ScriptedProxy.withMaxStreams(10, HttpVersion.HTTP_2)) {
            client = Clients.to(small).build();

            assertThat(open(25)).hasSize(25);
            assertThat(small.sessions).hasSize(3);
            assertThat(small.sessions)
                    .allSatisfy(session -> assertThat(session.openStreams()).isLessThanOrEqualTo(10));
            client.close();
        }
    }

    @Test
    void onHttp1EveryTunnelHasASession() throws Exception {
        try (ScriptedProxy old = new ScriptedProxy(HttpVersion.HTTP_1_1)) {
            client = Clients.to(old).build();

            assertThat(open(5)).hasSize(5);
            assertThat(old.sessions).hasSize(5);
            client.close();
        }
    }

    @Test
    void sessionsAreBoundedAndWhoWaitsIsServedWhenATunnelEnds() throws Exception {
        try (ScriptedProxy small = ScriptedProxy.withMaxStreams(2, HttpVersion.HTTP_2)) {
            client = Clients.to(small)
                    .limits(ClientLimits.defaults().withSessions(2, 10))
                    .build();
            List<TcpTunnel> tunnels = open(4);
            CompletableFuture<TcpTunnel> fifth = client.openTcpAsync(TARGET).toCompletableFuture();
            assertThat(fifth).isNotDone();
            tunnels.get(0).close();

            fifth.join();
            assertThat(small.sessions).hasSize(2);
            client.close();
        }
    }

    @Test
    void thoseWhoWaitAreBounded() {
        proxy.onConnect = attempt -> new CompletableFuture<>();
        client = Clients.to(proxy)
                .limits(ClientLimits.defaults().withSessions(1, 1))
                .build();
        client.openTcpAsync(TARGET);

        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(() -> client.openTcp(TARGET))
                .satisfies(e -> assertThat(e.proxyError()).contains(ProxyErrorType.CONNECTION_LIMIT_REACHED));
    }

    @Test
    void aDrainingSessionGetsNoNewTunnelsAndKeepsItsOwn() throws Exception {
        TcpTunnel before = client.openTcp(TARGET);
        proxy.sessions.get(0).goAway();
        until(
                () -> { // what comes before the client has heard of it is still taken
                    client.openTcp(TARGET).close();
                    return proxy.sessions.size() == 2;
                });
        int taken = proxy.sessions.get(0).streams.size();
        TcpTunnel after = client.openTcp(TARGET);
        before.outputStream().write(5);

        assertThat(before.inputStream().read()).isEqualTo(5);
        assertThat(proxy.sessions).hasSize(2);
        assertThat(proxy.sessions.get(0).streams).hasSize(taken);
        before.close();
        until(() -> proxy.sessions.get(0).over);
        after.close();
    }

    @Test
    void aProxyThatRestartsIsConnectedAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            TcpTunnel tunnel = client.openTcp(TARGET);
            proxy.sessions.get(i).breaks();
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.inputStream().read())
                    .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.TUNNEL));
        }

        assertThat(proxy.sessions).hasSize(5);
    }

    @Test
    void waitsLongerAfterEachFailureAndReportsIt() throws Exception {
        List<ConnectFailed> failures = new CopyOnWriteArrayList<>();
        proxy.onConnect = attempt -> ScriptedProxy.refused();
        client = Clients.to(proxy)
                .listener(new ClientListener() {
                    @Override
                    public void connectFailed(ConnectFailed event) {
                        failures.add(event);
                        throw new IllegalStateException("listeners may not break anything");
                    }
                })
                .build();
        long before = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> client.openTcp(TARGET));
        }

        // pauses of at least 50, 100 and 200 ms
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(340));
        assertThat(failures).extracting(ConnectFailed::inARow).containsExactly(1, 2, 3, 4);
        proxy.onConnect = attempt -> ScriptedProxy.reached();
        client.openTcp(TARGET).close();
    }

    @Test
    void aProxyThatConnectsAndBreaksIsNotAskedInATightLoop() {
        proxy.onSession = ProxiedSession::breaks;
        client = Clients.to(proxy).connectTimeout(Duration.ofMillis(600)).build();

        assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> client.openTcp(TARGET));
        assertThat(proxy.connects.size()).isLessThan(6);
    }

    @Test
    void closeLeavesNoThreadBehind() throws Exception {
        java.util.Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ScriptedProxy another = Clients.http2();
                MasqueClient short_ = Clients.to(another).build();
                Forwarding forwarding = short_.forwardTcp(0, TARGET);
                Forwarding datagrams = short_.forwardUdp(0, TARGET);
                TcpTunnel tunnel = short_.openTcp(TARGET)) {
            assertThat(tunnel).isNotNull();
        }

        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> !before.contains(thread)
                        && (thread.getName().startsWith("masque-")
                                || thread.getName().startsWith("scripted-proxy"))));
    }

    @Test
    void wordsThatWereWrittenBeforeTheCloseStillGoOut() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        TcpTunnel tunnel = client.openTcp(TARGET);
        tunnel.outputStream().write(new byte[1000]);
        tunnel.close();
        client.close();

        proxy.streams.get(0).clientEnded.get();
        assertThat(proxy.streams.get(0).arrived()).hasSize(1000);
    }

    @Test
    void tunnelsThatAreOpenAtTheCloseAreReset() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        TcpTunnel tunnel = client.openTcp(TARGET);
        client.close();

        proxy.streams.get(0).clientReset.get();
        assertThatExceptionOfType(java.io.IOException.class)
                .isThrownBy(() -> tunnel.inputStream().read());
    }
}
