package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.RawKeysException;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.thread.Workers;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.geohash.GeoKeySet;
import dev.masque.server.dial.Timer;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.event.ServerListener;
import dev.masque.server.location.LocationAttestations;
import dev.masque.server.relay.Tunnels;
import dev.masque.server.site.Mount;
import dev.masque.server.site.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Puts the parts of a server together; gives back what it took if that fails. For one thread. */
final class Assembly {
    private final MasqueServerBuilder wanted;
    private final IdentitySelector identities;
    private final Cleanup cleanup = new Cleanup();

    Assembly(MasqueServerBuilder wanted, IdentitySelector identities) {
        this.wanted = wanted;
        this.identities = identities;
    }

    MasqueServer start() throws IOException {
        try {
            return assemble();
        } catch (IOException | RuntimeException e) {
            cleanup.run();
            throw e;
        }
    }

    private MasqueServer assemble() throws IOException {
        ServerLimits limits = wanted.limits;
        List<Transports.Choice> choices = Transports.choose(providers(), wanted.versions);
        checkRawKeys(choices);
        ServerListener listener = new GuardedListener(wanted.listeners);
        Timer timer = wanted.timer == null ? cleanup.hold(new ThreadTimer()) : wanted.timer;
        Tunnels tunnels = new Tunnels(
                timer, listener, limits.tcpIdleTimeout(), limits.udpIdleTimeout(), limits.halfCloseTimeout());
        Admission admission = new Admission(limits.maxTunnels(), limits.maxTunnelsPerConnection());
        OwnAddresses own = new OwnAddresses(wanted.advertised, timer);
        Responses responses = new Responses(wanted.name, wanted.profile, wanted.detailedTiming);
        Locations locations = new Locations(wanted.trustUsed(), wanted.attestations, wanted.upstream != null);
        TunnelSteps steps = new TunnelSteps(
                new RequestReader(wanted.template, new ProxyNames(wanted.names, identities, wanted.identities != null)),
                admission,
                new Authentication(
                        wanted.authenticators, wanted.openToEveryone, limits.resolveTimeout(), timer, listener),
                new TunnelRate(limits.newTunnelsPerSecond(), timer),
                locations,
                route(own, locations, tunnels, listener, timer),
                responses,
                new LeftoverStreams(timer),
                listener,
                timer);
        Executor executor = executor();
        Site site = new Site(mounts(), executor, limits.maxRequests());
        ClientSessions sessions = new ClientSessions(steps, site, limits.maxConnections());
        List<Listening> listening = listen(choices, sessions, own, responses);
        sweep(timer, tunnels, steps);
        new Refresher(sources(), wanted.trustUsed(), listener, executor, timer).start();
        Set<HttpVersion> versions = EnumSet.noneOf(HttpVersion.class);
        choices.forEach(choice -> versions.addAll(choice.versions()));
        return new MasqueServer(listening, versions, sessions, tunnels, admission, cleanup);
    }

    private Map<String, Reloading> sources() {
        Map<String, Reloading> sources = new LinkedHashMap<>(wanted.reloading);
        EgressSelector egress = wanted.egress;
        if (egress != null) {
            sources.put("egress pools", egress::reload);
        }
        return sources;
    }

    private Route route(OwnAddresses own, Locations locations, Tunnels tunnels, ServerListener listener, Timer timer)
            throws MasqueException {
        ServerLimits limits = wanted.limits;
        Upstream upstream = wanted.upstream;
        if (upstream != null) {
            Relays relays = new Relays(upstream.tunnels(), tunnels);
            return new UpstreamRoute(
                    upstream.proxy(), relays, wanted.policy, own, locations, limits.connectTimeout(), timer);
        }
        return new DirectRoute(
                new TargetAddresses(wanted.policy, own, resolver(), limits.resolveTimeout(), timer),
                new Dialer(
                        new Relays(network(), tunnels),
                        new Sources(wanted.sources(), wanted.egress, listener),
                        limits.connectTimeout(),
                        timer));
    }

    private void checkRawKeys(List<Transports.Choice> choices) throws RawKeysException {
        for (Transports.Choice choice : choices) {
            Optional<String> reason = choice.provider().withoutRawKeys();
            if (wanted.rawKeys() != null && reason.isPresent()) {
                throw new RawKeysException(reason.get());
            }
        }
    }

    /** With the keys of attestations, which clients of this proxy show to others. */
    private List<Mount> mounts() {
        LocationAttestations attestations = wanted.attestations;
        List<Mount> mounts = new ArrayList<>(wanted.mounts);
        if (attestations != null
                && mounts.stream().noneMatch(mount -> mount.path().equals(GeoKeySet.WELL_KNOWN))) {
            mounts.add(new Mount(GeoKeySet.WELL_KNOWN, attestations.keysHandler()));
        }
        return mounts;
    }

    private List<TransportProvider> providers() {
        return wanted.transports != null ? wanted.transports : Services.find(TransportProvider.class);
    }

    private NetworkProvider networkProvider() throws MasqueException {
        return Services.find(NetworkProvider.class).stream()
                .findFirst()
                .orElseThrow(() -> new MasqueException("no network; is masque-netty on the class path?"));
    }

    private Network network() throws MasqueException {
        return wanted.network != null
                ? wanted.network
                : cleanup.hold(networkProvider().createNetwork());
    }

    private Resolver resolver() throws MasqueException {
        return wanted.resolver != null
                ? wanted.resolver
                : cleanup.hold(networkProvider().createResolver(List.of()));
    }

    private Executor executor() {
        if (wanted.handlerExecutor != null) {
            return wanted.handlerExecutor;
        }
        ExecutorService workers = Workers.create("masque-server-worker");
        cleanup.hold(workers::shutdownNow);
        return workers;
    }

    private List<Listening> listen(
            List<Transports.Choice> choices, ClientSessions sessions, OwnAddresses own, Responses responses)
            throws IOException {
        Ports ports = new Ports(identities, wanted.clients, wanted.rawKeys(), wanted.limits.session(), sessions);
        for (Transports.Choice choice : choices) {
            Transport transport = cleanup.hold(choice.provider().create());
            ports.serve(transport, choice.versions());
        }
        List<Listening> listening = new ArrayList<>();
        for (InetSocketAddress address : wanted.listen) {
            List<Listening> bound = ports.bind(address);
            bound.forEach(cleanup::hold);
            listening.addAll(bound);
            own.add(bound.get(0).address());
        }
        boolean http3 = choices.stream().anyMatch(choice -> choice.versions().contains(HttpVersion.HTTP_3));
        if (http3) {
            responses.advertiseHttp3(
                    wanted.advertised.isEmpty() ? 0 : wanted.advertised.get(0).getPort());
        }
        return listening;
    }

    /** Looks now and then for what has been idle too long. Ends with the timer. */
    private static void sweep(Timer timer, Tunnels tunnels, TunnelSteps steps) {
        Duration interval = tunnels.sweepInterval();
        Runnable sweep = new Runnable() {
            @Override
            public void run() {
                timer.after(interval, this);
                tunnels.sweep();
                steps.leftovers().sweep();
                steps.rate().sweep();
            }
        };
        timer.after(interval, sweep);
    }
}
