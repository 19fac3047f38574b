package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ServerIdentity;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelOpened;
import dev.masque.server.fake.FakeNetwork;
import dev.masque.server.fake.FakeSession;
import dev.masque.server.fake.FakeStream;
import dev.masque.server.fake.FakeTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static ServerIdentity none() {
        throw new AssertionError("not asked for");
    }

    private static MasqueServerBuilder builder(FakeTransport... transports) {
        FakeNetwork network = new FakeNetwork();
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(LifecycleTest::none)
                .openToEveryone()
                .transports(transports)
                .network(network)
                .resolver(network);
    }

    @Test
    void drainWaitsForTunnelsAndTakesNoNewOnes() throws Exception {
        ServerHarness proxy = ServerHarness.open();
        ServerHarness.Tcp tunnel = proxy.tunnel();
        FakeSession session = proxy.session();
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> {
            try {
                return proxy.server.drain(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!session.draining && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(session.draining).isTrue();
        assertThat(proxy.transport.draining).isTrue();
        assertThat(drained).isNotDone();
        assertThat(proxy.connect("93.184.216.34:443").status()).isEqualTo(503);
        tunnel.client().arrives("still flowing");
        assertThat(tunnel.target().text()).isEqualTo("still flowing");
        tunnel.client().peerEnds();
        tunnel.target().peerEnds();
        assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.transport.closed).isTrue();
        proxy.server.awaitClose();
    }

    @Test
    void drainWaitsForOrdinaryRequests() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        ServerHarness proxy = ServerHarness.open(builder -> builder.handler("/", exchange -> {
            go.join();
            exchange.sendResponseHeaders(204, -1);
        }));
        FakeStream client = proxy.session()
                .request(new RequestHead("GET", "https", "proxy.example", "/", null, HeaderFields.empty()));
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> {
            try {
                return proxy.server.drain(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(client.isAnswered()).isFalse();
        go.complete(null);
        assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.status()).isEqualTo(204);
    }

    @Test
    void drainResetsWhatTakesTooLong() throws Exception {
        ServerHarness proxy = ServerHarness.open();
        ServerHarness.Tcp tunnel = proxy.tunnel();
        assertThat(proxy.server.drain(Duration.ofMillis(20))).isFalse();
        assertThat(tunnel.client().reset).isNotNull();
        assertThat(tunnel.target().reset).isNotNull();
        assertThat(proxy.events.of(TunnelClosed.class).get(0).reason()).isEqualTo(CloseReason.SHUTDOWN);
    }

    @Test
    void closeReleasesPortsTransportsAndTunnelsAndIsIdempotent() {
        ServerHarness proxy = ServerHarness.open();
        ServerHarness.Tcp tunnel = proxy.tunnel();
        proxy.server.close();
        proxy.server.close();
        assertThat(proxy.transport.open).isZero();
        assertThat(proxy.transport.closed).isTrue();
        assertThat(tunnel.target().reset).isNotNull();
        assertThat(proxy.server.tunnels()).isZero();
        assertThat(proxy.server.connections()).isZero();
    }

    @Test
    void theThreadsOfAServerEndWithIt() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        MasqueServer server = builder(new FakeTransport(HttpVersion.HTTP_2)).start();
        server.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && thread.getName().startsWith("masque-server")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void severalServersRunInOneProcess() throws Exception {
        try (MasqueServer one = builder(new FakeTransport(HttpVersion.HTTP_2)).start();
                MasqueServer two =
                        builder(new FakeTransport(HttpVersion.HTTP_2)).start()) {
            assertThat(one.versions()).isEqualTo(two.versions());
        }
    }

    @Test
    void tcpAndUdpShareAPortAndAnotherIsTriedIfOneOfThemIsTaken() throws Exception {
        FakeTransport tcp = new FakeTransport(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
        FakeTransport quic = new FakeTransport(HttpVersion.HTTP_3);
        quic.takenPorts.add(4001);
        quic.takenPorts.add(4002);
        try (MasqueServer server = builder(tcp, quic).start()) {
            assertThat(server.port()).isEqualTo(4003);
            assertThat(server.addresses()).hasSize(1);
            assertThat(tcp.open).isEqualTo(1);
            assertThat(quic.listens.get(2).address().getPort()).isEqualTo(4003);
            assertThat(quic.listens.get(2).versions()).containsExactly(HttpVersion.HTTP_3);
            assertThat(server.versions()).containsExactlyInAnyOrder(HttpVersion.values());
        }
    }

    @Test
    void aTakenPortFailsTheStartAndReleasesEverything() {
        FakeTransport tcp = new FakeTransport(HttpVersion.HTTP_2);
        FakeTransport quic = new FakeTransport(HttpVersion.HTTP_3);
        quic.takenPorts.add(443);
        MasqueServerBuilder builder =
                builder(tcp, quic).listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 443));
        assertThatThrownBy(builder::start).hasMessageContaining("443").hasMessageContaining("h3");
        assertThat(tcp.open).isZero();
        assertThat(tcp.closed).isTrue();
        assertThat(quic.closed).isTrue();
    }

    @Test
    void aVersionThatNoTransportSpeaksFailsTheStart() {
        MasqueServerBuilder builder =
                builder(new FakeTransport(HttpVersion.HTTP_2)).versions(HttpVersion.HTTP_2, HttpVersion.HTTP_3);
        assertThatThrownBy(builder::start).hasMessageContaining("no transport for h3");
        assertThatThrownBy(() -> builder().start()).hasMessageContaining("no transport");
    }

    @Test
    void onlyTheWantedVersionsAreServed() throws Exception {
        FakeTransport all = new FakeTransport(HttpVersion.values());
        try (MasqueServer server = builder(all).versions(HttpVersion.HTTP_2).start()) {
            assertThat(server.versions()).containsExactly(HttpVersion.HTTP_2);
            assertThat(all.listens).hasSize(1);
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> MasqueServer.builder().start()).hasMessageContaining("listen");
        MasqueServerBuilder listening =
                MasqueServer.builder().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        assertThatThrownBy(listening::start).hasMessageContaining("authenticate");
        assertThatThrownBy(() -> listening.openToEveryone().start()).hasMessageContaining("identity");
        assertThatThrownBy(() -> listening.handler("/a", exchange -> {}).handler("/a", exchange -> {}))
                .hasMessageContaining("/a");
        assertThatThrownBy(() -> listening.handler("a", exchange -> {})).hasMessageContaining("start with /");
    }

    @Test
    void aListenerThatBreaksBreaksNothing() {
        ServerListener broken = new ServerListener() {
            @Override
            public void connectionOpened(ConnectionOpened event) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void tunnelOpened(TunnelOpened event) {
                throw new AssertionError("broken");
            }
        };
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.listener(broken))) {
            ServerHarness.Tcp tunnel = proxy.tunnel();
            tunnel.client().arrives("x");
            assertThat(tunnel.target().text()).isEqualTo("x");
            assertThat(proxy.events.of(TunnelOpened.class)).hasSize(1);
        }
    }

    @Test
    void connectionsAreToldOf() {
        try (ServerHarness proxy = ServerHarness.open()) {
            proxy.session();
            proxy.timer.advance(Duration.ofSeconds(2));
            proxy.session().breaks();
            ConnectionOpened opened = proxy.events.of(ConnectionOpened.class).get(0);
            ConnectionClosed closed = proxy.events.of(ConnectionClosed.class).get(0);
            assertThat(opened.tlsProtocol()).contains("TLSv1.3");
            assertThat(closed.connection()).isEqualTo(opened.connection());
            assertThat(closed.duration()).isEqualTo(Duration.ofSeconds(2));
            assertThat(closed.clean()).isFalse();
        }
    }

    @Test
    void keysRotateWithoutDroppingATunnel() {
        dev.masque.server.auth.PresharedKeys keys =
                dev.masque.server.auth.PresharedKeys.of(java.util.Map.of("old", "key-1"));
        try (ServerHarness proxy = new ServerHarness(
                builder -> builder.authenticate(dev.masque.server.auth.Authenticators.preshared(keys)))) {
            FakeStream first = proxy.connectWithKey("93.184.216.34:443", "key-1");
            proxy.network.attempt(0).succeed();
            keys.replace(java.util.Map.of("new", "key-2"));
            first.arrives("still here");
            assertThat(proxy.connectWithKey("93.184.216.34:443", "key-1").status())
                    .isEqualTo(403);
            assertThat(proxy.connectWithKey("93.184.216.34:443", "key-2").isAnswered())
                    .isFalse();
            assertThat(first.reset).isNull();
        }
    }
}
