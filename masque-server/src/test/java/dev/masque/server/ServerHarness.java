package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ServerIdentity;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.dial.ManualTimer;
import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelOpened;
import dev.masque.server.fake.FakeNetwork;
import dev.masque.server.fake.FakeSession;
import dev.masque.server.fake.FakeSocket;
import dev.masque.server.fake.FakeStream;
import dev.masque.server.fake.FakeTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A whole server without sockets, threads and time. */
final class ServerHarness implements AutoCloseable {
    static final String KEY = "abc123xyz";
    static final String PUBLIC = "93.184.216.34";

    final FakeTransport transport = new FakeTransport(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3);
    final FakeNetwork network = new FakeNetwork();
    final ManualTimer timer = new ManualTimer();
    final Events events = new Events();
    final MasqueServer server;

    @Nullable private FakeSession session;

    static final class Events implements ServerListener {
        final List<Object> all = new ArrayList<>();

        <T> List<T> of(Class<T> type) {
            return all.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void connectionOpened(ConnectionOpened event) {
            all.add(event);
        }

        @Override
        public void connectionClosed(ConnectionClosed event) {
            all.add(event);
        }

        @Override
        public void authenticated(AuthenticationChecked event) {
            all.add(event);
        }

        @Override
        public void requestAnswered(RequestAnswered event) {
            all.add(event);
        }

        @Override
        public void tunnelOpened(TunnelOpened event) {
            all.add(event);
        }

        @Override
        public void tunnelClosed(TunnelClosed event) {
            all.add(event);
        }
    }

    ServerHarness(UnaryOperator<MasqueServerBuilder> change) {
        MasqueServerBuilder builder = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 443))
                .identity(() -> identity())
                .alsoKnownAs("proxy.example")
                .transports(transport)
                .network(network)
                .resolver(network)
                .timer(timer)
                .listener(events);
        try {
            server = change.apply(builder).start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static ServerHarness open() {
        return new ServerHarness(MasqueServerBuilder::openToEveryone);
    }

    static ServerHarness open(UnaryOperator<MasqueServerBuilder> change) {
        return new ServerHarness(builder -> change.apply(builder.openToEveryone()));
    }

    static ServerHarness open(AccessPolicy policy) {
        return open(builder -> builder.accessPolicy(policy));
    }

    static ServerHarness withKey(ResponseProfile profile) {
        return new ServerHarness(builder -> builder.authenticate(Authenticators.preshared(Map.of("team", KEY)))
                .responseProfile(profile));
    }

    private static ServerIdentity identity() {
        throw new AssertionError("the SNI and the configured name come first");
    }

    FakeSession session() {
        FakeSession known = session;
        if (known == null) {
            known = transport.connect();
            session = known;
        }
        return known;
    }

    FakeStream connect(String authority, String... fields) {
        return session().request(RequestHead.connect(authority, HeaderFields.of(fields)));
    }

    FakeStream connectWithKey(String authority, String key) {
        return connect(authority, ProxyAuthorization.NAME, ProxyAuthorization.preshared(key));
    }

    FakeStream connectUdp(String host, int port, String... fields) {
        String path = UdpTemplate.DEFAULT.expand(Target.of(host, port));
        return session().request(RequestHead.connectUdp("proxy.example", path, HeaderFields.of(fields)));
    }

    /** A TCP tunnel that stands. */
    record Tcp(FakeStream client, FakeSocket target) {}

    Tcp tunnel() {
        int next = network.attempts.size();
        FakeStream client = connect(PUBLIC + ":443");
        return new Tcp(client, network.attempt(next).succeed());
    }

    void resolves(String name, String... addresses) {
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(Target.of(address, 1).address().orElseThrow());
        }
        network.names.computeIfAbsent(name, any -> new CompletableFuture<>()).complete(found);
    }

    void failsToResolve(String name, Exception failure) {
        network.names.computeIfAbsent(name, any -> new CompletableFuture<>()).completeExceptionally(failure);
    }

    @Override
    public void close() {
        server.close();
    }
}
