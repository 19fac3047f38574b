package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.Recorder;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelOpened;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static TlsIdentity none() {
        throw new AssertionError("not asked for");
    }

    private static MasqueServerBuilder builder(TransportProvider... transports) {
        Targets targets = new Targets();
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(LifecycleTest::none)
                .openToEveryone()
                .transports(transports)
                .network(targets.network())
                .resolver(targets.resolver());
    }

    private static WatchedTransport watched(MemoryTransportProvider memory) {
        return new WatchedTransport(memory, handler -> handler);
    }

    private static boolean takesClients(MemoryTransportProvider memory, int port, HttpVersion version) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return ProxyClient.canConnect(memory, address, version);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static CompletableFuture<Boolean> drain(MasqueServer server) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return server.drain(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void drainWaitsForTunnelsAndTakesNoNewOnes() throws Exception {
        ServerHarness proxy = ServerHarness.open();
        ServerHarness.Tcp tunnel = proxy.tunnel();
        ProxyClient session = proxy.session();
        CompletableFuture<CompletableFuture<Boolean>> drain = new CompletableFuture<>();
        CompletableFuture<ClientStream> late = new CompletableFuture<>();
        session.beforeAnythingElse(
                () -> { // so the client does not hear yet that the proxy drains
                    drain.complete(drain(proxy.server));
                    await(() -> !proxy.takesClients());
                    late.complete(proxy.connect("93.184.216.34:443"));
                });
        CompletableFuture<Boolean> drained = drain.join();
        await(() -> session.draining);
        await(() -> late.join().isAnswered());
        assertThat(late.join().status()).isEqualTo(503);
        assertThat(drained).isNotDone();
        tunnel.client().send("still flowing");
        assertThat(tunnel.target().text()).isEqualTo("still flowing");
        tunnel.client().end();
        tunnel.target().end();
        assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(session.closed).isTrue();
        proxy.server.awaitClose();
    }

    @Test
    void drainWaitsForOrdinaryRequests() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        ServerHarness proxy = ServerHarness.open(builder -> builder.handler("/", exchange -> {
            go.join();
            exchange.sendResponseHeaders(204, -1);
        }));
        ClientStream client = proxy.session()
                .request(new RequestHead("GET", "https", "proxy.example", "/", null, HeaderFields.empty()));
        CompletableFuture<Boolean> drained = drain(proxy.server);
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
        assertThat(tunnel.client().failure()).isNotNull();
        assertThat(tunnel.target().failure()).isNotNull();
        assertThat(proxy.events.of(TunnelClosed.class).get(0).reason()).isEqualTo(CloseReason.SHUTDOWN);
    }

    @Test
    void closeReleasesPortsTransportsAndTunnelsAndIsIdempotent() {
        ServerHarness proxy = ServerHarness.open();
        ServerHarness.Tcp tunnel = proxy.tunnel();
        proxy.server.close();
        proxy.server.close();
        assertThat(proxy.takesClients()).isFalse();
        assertThat(proxy.session().closed).isTrue();
        assertThat(tunnel.target().failure()).isNotNull();
        assertThat(proxy.server.tunnels()).isZero();
        assertThat(proxy.server.connections()).isZero();
    }

    @Test
    void theThreadsOfAServerEndWithIt() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        MasqueServer server = builder(new MemoryTransportProvider()).start();
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
        try (MasqueServer one = builder(new MemoryTransportProvider()).start();
                MasqueServer two = builder(new MemoryTransportProvider()).start()) {
            assertThat(one.versions()).isEqualTo(two.versions());
        }
    }

    @Test
    void tcpAndUdpShareAPortAndAnotherIsTriedIfOneOfThemIsTaken() throws Exception {
        MemoryTransportProvider tcp = new MemoryTransportProvider(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
        MemoryTransportProvider quic = new MemoryTransportProvider(HttpVersion.HTTP_3);
        try (Transport other = quic.create()) {
            int first = taken(other, 0);
            taken(other, first + 1);
            try (MasqueServer server = builder(tcp, quic).start()) {
                assertThat(server.port()).isEqualTo(first + 2);
                assertThat(server.addresses()).hasSize(1);
                assertThat(takesClients(tcp, first, HttpVersion.HTTP_2)).isFalse();
                assertThat(takesClients(tcp, first + 1, HttpVersion.HTTP_2)).isFalse();
                assertThat(takesClients(tcp, first + 2, HttpVersion.HTTP_2)).isTrue();
                assertThat(takesClients(tcp, first + 2, HttpVersion.HTTP_1_1)).isTrue();
                assertThat(takesClients(quic, first + 2, HttpVersion.HTTP_3)).isTrue();
                assertThat(server.versions()).containsExactlyInAnyOrder(HttpVersion.values());
            }
        }
    }

    /** Takes a port, 0 for any, and says which. */
    private static int taken(Transport transport, int port) throws Exception {
        ListenOptions options = new ListenOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Set.of(HttpVersion.HTTP_3),
                LifecycleTest::none,
                SessionLimits.defaults());
        return transport
                .listen(options, stream -> new Recorder())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .address()
                .getPort();
    }

    @Test
    void aTakenPortFailsTheStartAndReleasesEverything() throws Exception {
        MemoryTransportProvider tcp = new MemoryTransportProvider(HttpVersion.HTTP_2);
        MemoryTransportProvider quic = new MemoryTransportProvider(HttpVersion.HTTP_3);
        WatchedTransport watchedTcp = watched(tcp);
        WatchedTransport watchedQuic = watched(quic);
        try (Transport other = quic.create()) {
            taken(other, 443);
            MasqueServerBuilder builder = builder(watchedTcp, watchedQuic)
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 443));
            assertThatThrownBy(builder::start).hasMessageContaining("443").hasMessageContaining("h3");
            assertThat(takesClients(tcp, 443, HttpVersion.HTTP_2)).isFalse();
            assertThat(watchedTcp.closed).isTrue();
            assertThat(watchedQuic.closed).isTrue();
        }
    }

    @Test
    void aVersionThatNoTransportSpeaksFailsTheStart() {
        MasqueServerBuilder builder =
                builder(new MemoryTransportProvider()).versions(HttpVersion.HTTP_2, HttpVersion.HTTP_3);
        assertThatThrownBy(builder::start).hasMessageContaining("no transport for h3");
        assertThatThrownBy(() -> builder().start()).hasMessageContaining("no transport");
    }

    @Test
    void onlyTheWantedVersionsAreServed() throws Exception {
        MemoryTransportProvider all = new MemoryTransportProvider(HttpVersion.values());
        try (MasqueServer server = builder(all).versions(HttpVersion.HTTP_2).start()) {
            assertThat(server.versions()).containsExactly(HttpVersion.HTTP_2);
            assertThat(takesClients(all, server.port(), HttpVersion.HTTP_2)).isTrue();
            assertThat(takesClients(all, server.port(), HttpVersion.HTTP_1_1)).isFalse();
            assertThat(takesClients(all, server.port(), HttpVersion.HTTP_3)).isFalse();
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
            tunnel.client().send("x");
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
            assertThat(opened.tlsProtocol()).isEmpty(); // with TLS: RealTransportIT
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
            ClientStream first = proxy.connectWithKey("93.184.216.34:443", "key-1");
            proxy.targets.attempt(0).succeed();
            keys.replace(java.util.Map.of("new", "key-2"));
            first.send("still here");
            assertThat(proxy.connectWithKey("93.184.216.34:443", "key-1").status())
                    .isEqualTo(403);
            assertThat(proxy.connectWithKey("93.184.216.34:443", "key-2").isAnswered())
                    .isFalse();
            assertThat(first.failure()).isNull();
        }
    }
}
