package dev.masque.client;

import dev.masque.client.event.ClientListener;
import dev.masque.client.pool.Connector;
import dev.masque.client.pool.Route;
import dev.masque.client.pool.SessionPool;
import dev.masque.client.pool.SystemResolver;
import dev.masque.client.pool.Timer;
import dev.masque.client.pool.Transports;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import dev.masque.core.thread.Workers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Puts hops together: each with sessions of its own, which are made inside tunnels through the hop before. */
final class Chain {
    private static final List<HttpVersion> BEST_FIRST =
            List.of(HttpVersion.HTTP_3, HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);

    /** What a user asked for is a tunnel; those between the hops are not. */
    private static final ClientListener NOBODY = new ClientListener() {};

    /** A hop that is asked to attest anew holds a tunnel up for so long at most. */
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    private final Settings settings;
    private final ClientListener listener;
    private final Resolver resolver;
    private final Executor blocking;
    private final Timer timer = new Timer();
    private final Transports transports = new Transports();

    /** What the hops have in common. */
    record Settings(
            List<Hop> hops,
            List<TransportProvider> providers,
            SessionLimits sessionLimits,
            ClientLimits limits,
            Duration connectTimeout,
            Duration requestTimeout,
            Duration headStart,
            @Nullable Resolver resolver,
            InstantSource clock) {}

    private Chain(Settings settings, ClientListener listener, Executor blocking) {
        this.settings = settings;
        this.listener = listener;
        this.blocking = blocking;
        this.resolver = settings.resolver == null ? new SystemResolver(blocking) : settings.resolver;
    }

    static MasqueClient build(Settings settings, ClientListener listener, @Nullable Executor executor) {
        List<List<Route>> routes = new ArrayList<>();
        for (Hop hop : settings.hops) { // first: it may fail
            boolean strict = !hop.versions().isEmpty();
            hop.tls().check();
            routes.add(Route.choose(
                    settings.providers,
                    strict ? hop.versions() : BEST_FIRST,
                    strict,
                    hop.tls().isRaw()));
        }
        ExecutorService workers = executor == null ? Workers.create("masque-client-worker") : null;
        Executor blocking = executor == null ? Objects.requireNonNull(workers) : executor;
        Chain chain = new Chain(settings, listener, blocking);
        return new MasqueClient(chain.links(routes), chain.transports, chain.timer, blocking, workers, settings.limits);
    }

    private List<Link> links(List<List<Route>> routes) {
        List<Link> links = new ArrayList<>();
        Network network = null;
        int count = settings.hops.size();
        HopFields fields = new HopFields(settings.hops.get(0), settings.clock);
        for (int i = 0; i < count; i++) {
            HopPlace place = new HopPlace(i + 1, count);
            Link link = link(settings.hops.get(i), place, routes.get(i), fields, network);
            links.add(link);
            if (!place.isLast()) {
                Hop next = settings.hops.get(i + 1);
                fields = new HopFields(next, settings.clock);
                network = new TunnelNetwork(link.opener(), place, timer, fields::opened);
                fields.renewBy(renewal(network, next));
            }
        }
        return links;
    }

    /** Opens a tunnel to the next hop for its answer's sake: of UDP, of which that hop sees nothing, or else of TCP. */
    private AttestationRenewal renewal(Network network, Hop next) {
        Target proxy = next.endpoint().address();
        InetSocketAddress address = InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
        DialOptions options = new DialOptions(null, RENEWAL, null);
        return new AttestationRenewal(
                () -> {
                    CompletableFuture<?> question = network.openUdp(address, options, socket -> Unused.INSTANCE)
                            .thenAccept(UdpSocket::close)
                            .exceptionallyCompose(
                                    refused -> network.connectTcp(address, options, stream -> Unused.INSTANCE)
                                            .thenAccept(stream -> stream.reset(ResetReason.CANCEL)))
                            .toCompletableFuture();
                    Runnable cancel = timer.after(RENEWAL, () -> question.cancel(true));
                    return question.whenComplete((answered, failure) -> cancel.run());
                },
                settings.clock);
    }

    /** Takes what comes through a tunnel that was opened for its answer's sake: nothing. */
    private enum Unused implements ByteHandler, UdpHandler {
        INSTANCE;

        @Override
        public void data(ByteBuffer data) {}

        @Override
        public void end() {}

        @Override
        public void datagram(ByteBuffer payload) {}

        @Override
        public void closed(@Nullable IOException failure) {}

        @Override
        public void closed(@Nullable StreamFailure failure) {}
    }

    private Link link(Hop hop, HopPlace place, List<Route> routes, HopFields fields, @Nullable Network network) {
        Connector connector = new Connector(
                new Connector.Settings(
                        hop.endpoint(),
                        routes,
                        hop.tls().manager(),
                        hop.tls().identity(),
                        hop.tls().rawKeys(),
                        settings.sessionLimits,
                        settings.connectTimeout,
                        settings.headStart,
                        place.number(),
                        network),
                transports,
                resolver,
                timer,
                settings.clock);
        ClientLimits limits = settings.limits;
        SessionPool pool = new SessionPool(
                connector,
                timer,
                settings.clock,
                listener,
                limits.maxSessions(),
                limits.maxWaiting(),
                settings.connectTimeout);
        TunnelOpener opener = new TunnelOpener(
                new TunnelOpener.Settings(hop.endpoint(), hop.credentials(), fields, settings.requestTimeout, place),
                pool,
                timer,
                blocking,
                settings.clock,
                place.isLast() ? listener : NOBODY);
        return new Link(opener, pool);
    }
}
