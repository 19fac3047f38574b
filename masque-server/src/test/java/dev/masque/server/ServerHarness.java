package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.dial.ManualTimer;
import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelOpened;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A whole server in memory, without threads and time: what a call causes has happened when it returns. */
final class ServerHarness implements AutoCloseable {
    static final String KEY = "abc123xyz";
    static final String PUBLIC = "93.184.216.34";

    static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);

    final MemoryTransportProvider memory =
            new MemoryTransportProvider(HttpVersion.values()).withExecutor(Runnable::run);
    final Targets targets = new Targets();
    final ManualTimer timer = new ManualTimer();
    final Events events = new Events();
    final MasqueServer server;

    private final Network network;
    private final List<ProxyClient> clients = new CopyOnWriteArrayList<>();

    @Nullable private ProxyClient session;

    static final class Events implements ServerListener {
        final List<Object> all = new CopyOnWriteArrayList<>();

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
        public void egressPoolUnavailable(EgressPoolUnavailable event) {
            all.add(event);
        }

        @Override
        public void configurationReloaded(ConfigurationReloaded event) {
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
        this(change, memory -> memory, network -> network);
    }

    private ServerHarness(
            UnaryOperator<MasqueServerBuilder> change,
            Function<MemoryTransportProvider, TransportProvider> transport,
            UnaryOperator<Network> between) {
        network = between.apply(targets.network());
        MasqueServerBuilder builder = MasqueServer.builder()
                .listen(ADDRESS)
                .identity(() -> identity())
                .alsoKnownAs("proxy.example")
                .transports(transport.apply(memory))
                .network(network)
                .resolver(targets.resolver())
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

    /** A server whose network hears too late that an attempt is cancelled. */
    static ServerHarness openLate() {
        return new ServerHarness(MasqueServerBuilder::openToEveryone, memory -> memory, LateNetwork::new);
    }

    static ServerHarness openOver(Function<MemoryTransportProvider, TransportProvider> transport) {
        return new ServerHarness(MasqueServerBuilder::openToEveryone, transport, network -> network);
    }

    static ServerHarness withKey(ResponseProfile profile) {
        return new ServerHarness(builder -> builder.authenticate(Authenticators.preshared(Map.of("team", KEY)))
                .responseProfile(profile));
    }

    private static TlsIdentity identity() {
        throw new AssertionError("the SNI and the configured name come first");
    }

    ProxyClient session() {
        ProxyClient known = session;
        if (known == null) {
            known = newClient();
            session = known;
        }
        return known;
    }

    ProxyClient newClient() {
        return newClient("198.51.100.7");
    }

    ProxyClient newClient(String address) {
        return added(ProxyClient.connect(from(address), ADDRESS));
    }

    ProxyClient newClient(HttpVersion version, SessionLimits limits) {
        return added(ProxyClient.connect(from("198.51.100.7"), ADDRESS, version, limits));
    }

    private ProxyClient added(ProxyClient client) {
        clients.add(client);
        return client;
    }

    /** Whether a client can connect. */
    boolean takesClients() {
        return ProxyClient.canConnect(memory, ADDRESS, HttpVersion.HTTP_2);
    }

    private MemoryTransportProvider from(String address) {
        return memory.withClientAddress(Target.of(address, 1).address().orElseThrow());
    }

    ClientStream connect(String authority, String... fields) {
        return session().request(RequestHead.connect(authority, HeaderFields.of(fields)));
    }

    ClientStream connectWithKey(String authority, String key) {
        return connect(authority, ProxyAuthorization.NAME, ProxyAuthorization.preshared(key));
    }

    ClientStream connectUdp(String host, int port, String... fields) {
        String path = UdpTemplate.DEFAULT.expand(Target.of(host, port));
        return session().request(RequestHead.connectUdp("proxy.example", path, HeaderFields.of(fields)));
    }

    /** A TCP tunnel that stands. */
    record Tcp(ClientStream client, Targets.Tcp target) {}

    Tcp tunnel() {
        int next = targets.attempts.size();
        ClientStream client = connect(PUBLIC + ":443");
        return new Tcp(client, targets.attempt(next).succeed());
    }

    void resolves(String name, String... addresses) {
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(Target.of(address, 1).address().orElseThrow());
        }
        targets.answer(name).complete(found);
    }

    void failsToResolve(String name, Exception failure) {
        targets.answer(name).completeExceptionally(failure);
    }

    @Override
    public void close() {
        clients.forEach(ProxyClient::close);
        server.close();
        network.close();
    }
}
