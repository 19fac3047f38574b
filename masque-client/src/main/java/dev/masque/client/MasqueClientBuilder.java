package dev.masque.client;

import dev.masque.client.event.ClientListener;
import dev.masque.client.pool.Connector;
import dev.masque.client.pool.ProxyEndpoint;
import dev.masque.client.pool.Route;
import dev.masque.client.pool.SessionPool;
import dev.masque.client.pool.SystemResolver;
import dev.masque.client.pool.Timer;
import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.thread.Workers;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.geohash.GeoHint;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link MasqueClient}. Not thread-safe. */
public final class MasqueClientBuilder {
    private static final List<HttpVersion> BEST_FIRST =
            List.of(HttpVersion.HTTP_3, HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);

    /** What the client or a transport sets itself. */
    private static final Set<String> RESERVED = Set.of(
            "proxy-authorization",
            GeoHint.NAME,
            "capsule-protocol",
            "host",
            "connection",
            "upgrade",
            "content-length",
            "transfer-encoding");

    private final HeaderFields.Builder fields = HeaderFields.builder();
    private final List<ClientListener> listeners = new ArrayList<>();
    private List<HttpVersion> versions = List.of();
    private List<TransportProvider> transports = List.of();
    private Credentials credentials = Credentials.none();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration headStart = Duration.ofMillis(200);
    private ClientLimits limits = ClientLimits.defaults();
    private InstantSource clock = InstantSource.system();

    @Nullable private ProxyEndpoint proxy;

    @Nullable private PeerTrust trust;

    @Nullable private Supplier<TlsIdentity> identity;

    @Nullable private Duration idleTimeout;

    @Nullable private GeoHint geohash;

    @Nullable private Executor executor;

    @Nullable private Resolver resolver;

    MasqueClientBuilder() {}

    /**
     * Where the proxy is. Required.
     *
     * @param proxy {@code https://proxy.example[:port]}, or a template of RFC 9298, section 2 such as {@code
     *     https://proxy.example/masque{?target_host,target_port}}
     * @return this builder
     * @throws IllegalArgumentException if it is neither
     */
    public MasqueClientBuilder proxy(String proxy) {
        this.proxy = ProxyEndpoint.parse(proxy);
        return this;
    }

    /**
     * Where the proxy is. Required.
     *
     * @param proxy {@code https://proxy.example[:port]}
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public MasqueClientBuilder proxy(URI proxy) {
        return proxy(proxy.toString());
    }

    /**
     * What the proxy is shown. None by default.
     *
     * @param credentials asked for each request
     * @return this builder
     */
    public MasqueClientBuilder credentials(Credentials credentials) {
        this.credentials = credentials;
        return this;
    }

    /**
     * Asks the proxy for egress addresses near a place, with {@value GeoHint#NAME} in every request. Nothing is said of the place
     * by default. Of the cell, {@value GeoHint#DEFAULT_PRECISION} characters are sent, a city.
     *
     * @param hint where to be near
     * @return this builder
     */
    public MasqueClientBuilder geohash(GeoHint hint) {
        return geohash(hint, GeoHint.DEFAULT_PRECISION);
    }

    /**
     * Asks the proxy for egress addresses near a place.
     *
     * @param hint where to be near
     * @param precision how many characters of the cell are sent at most, 0 for the country only
     * @return this builder
     * @throws IllegalArgumentException if the precision is not 0 to 12
     */
    public MasqueClientBuilder geohash(GeoHint hint, int precision) {
        this.geohash = hint.cutTo(precision);
        return this;
    }

    /**
     * Which certificates are taken for the proxy's. By default those that the JVM trusts.
     *
     * @param trust decides
     * @return this builder
     */
    public MasqueClientBuilder trust(PeerTrust trust) {
        this.trust = trust;
        return this;
    }

    /**
     * Shows a certificate to a proxy that asks for one. None by default.
     *
     * @param fixed certificate and key; see {@link dev.masque.core.tls.Identities}
     * @return this builder
     */
    public MasqueClientBuilder identity(TlsIdentity fixed) {
        return identity(() -> fixed);
    }

    /**
     * Shows a certificate, which may change, to a proxy that asks for one. None by default.
     *
     * @param current called for every new connection, must not block; see {@link dev.masque.core.tls.Identities}
     * @return this builder
     */
    public MasqueClientBuilder identity(Supplier<TlsIdentity> current) {
        this.identity = current;
        return this;
    }

    /**
     * Which versions of HTTP to speak, the preferred first: each gets a head start on the next. By default HTTP/3, HTTP/2,
     * HTTP/1.1, as far as there are transports; what is named here needs one.
     *
     * @param versions at least one
     * @return this builder
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public MasqueClientBuilder versions(HttpVersion... versions) {
        this.versions = List.of(versions);
        if (versions.length == 0 || Set.copyOf(this.versions).size() != versions.length) {
            throw new IllegalArgumentException("no version of HTTP, or one twice");
        }
        return this;
    }

    /**
     * How long a call waits for a session to the proxy, all addresses, versions and handshakes together. 10 seconds by default.
     *
     * @param timeout positive
     * @return this builder
     */
    public MasqueClientBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = positive(timeout, "connectTimeout");
        return this;
    }

    /**
     * How long a call waits for the proxy's answer, in which it connects the target. 30 seconds by default.
     *
     * @param timeout positive
     * @return this builder
     */
    public MasqueClientBuilder requestTimeout(Duration timeout) {
        this.requestTimeout = positive(timeout, "requestTimeout");
        return this;
    }

    /**
     * When a session without tunnels is closed. By default after what {@link SessionLimits#defaults()} says.
     *
     * @param timeout positive
     * @return this builder
     */
    public MasqueClientBuilder idleTimeout(Duration timeout) {
        this.idleTimeout = positive(timeout, "idleTimeout");
        return this;
    }

    /**
     * How much earlier HTTP/3 starts than the versions over TCP: what a network that blocks UDP costs at most. 200
     * milliseconds by default.
     *
     * @param headStart zero or more
     * @return this builder
     */
    public MasqueClientBuilder headStart(Duration headStart) {
        if (headStart.isNegative()) {
            throw new IllegalArgumentException("headStart is negative");
        }
        this.headStart = headStart;
        return this;
    }

    /**
     * What the client may use.
     *
     * @param limits numbers and sizes
     * @return this builder
     */
    public MasqueClientBuilder limits(ClientLimits limits) {
        this.limits = limits;
        return this;
    }

    /**
     * Adds a field to every request.
     *
     * @param name a field that the client does not set itself
     * @param value its value
     * @return this builder
     * @throws IllegalArgumentException if one of them is not legal in HTTP, or the field is one that the client sets
     */
    public MasqueClientBuilder field(String name, String value) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the client sets this field itself: " + name);
        }
        fields.add(name, value);
        return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener takes what happens
     * @return this builder
     */
    public MasqueClientBuilder listener(ClientListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Where lookups, credentials, forwardings and asynchronous completions run, which may block. By default virtual threads
     * where the JVM has them, else threads of the client's own.
     *
     * @param executor runs tasks concurrently; not shut down by the client
     * @return this builder
     */
    public MasqueClientBuilder executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    /**
     * What time it is, for pauses between attempts and {@code Retry-After}.
     *
     * @param clock the system's by default
     * @return this builder
     */
    public MasqueClientBuilder clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Who finds the addresses of the proxy's name. By default the system. Never asked for a target.
     *
     * @param resolver not closed by the client
     * @return this builder
     */
    public MasqueClientBuilder resolver(Resolver resolver) {
        this.resolver = resolver;
        return this;
    }

    /**
     * Which transports to choose from, instead of those that {@link ServiceLoader} finds.
     *
     * @param providers at least one
     * @return this builder
     */
    public MasqueClientBuilder transports(TransportProvider... providers) {
        this.transports = List.of(providers);
        return this;
    }

    private static Duration positive(Duration timeout, String name) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(name + " is not positive");
        }
        return timeout;
    }

    /**
     * A client. Connects to nothing yet.
     *
     * @return a client, to be closed by the caller
     * @throws IllegalStateException if no proxy is set, or there is no transport for a version
     */
    public MasqueClient build() {
        if (proxy == null) {
            throw new IllegalStateException("proxy is not set");
        }
        List<Route> routes = Route.choose(providers(), versions.isEmpty() ? BEST_FIRST : versions, !versions.isEmpty());
        Connector.Settings connecting = new Connector.Settings(
                proxy,
                routes,
                (trust == null ? PeerTrust.system() : trust).manager(),
                identity,
                sessionLimits(),
                connectTimeout,
                headStart);
        ExecutorService workers = executor == null ? Workers.create("masque-client-worker") : null;
        Executor blocking = executor == null ? Objects.requireNonNull(workers) : executor;
        Timer timer = new Timer();
        ClientListener listener = new GuardedListener(List.copyOf(listeners));
        Connector connector =
                new Connector(connecting, resolver == null ? new SystemResolver(blocking) : resolver, timer, clock);
        SessionPool pool = new SessionPool(
                connector, timer, clock, listener, limits.maxSessions(), limits.maxWaiting(), connectTimeout);
        TunnelOpener opener = new TunnelOpener(
                new TunnelOpener.Settings(proxy, credentials, allFields(), requestTimeout),
                pool,
                timer,
                blocking,
                clock,
                listener);
        return new MasqueClient(opener, pool, connector, timer, blocking, workers, limits);
    }

    private HeaderFields allFields() {
        HeaderFields.Builder all = HeaderFields.builder().addAll(fields.build());
        if (geohash != null) {
            all.add(GeoHint.NAME, geohash.format());
        }
        return all.build();
    }

    private List<TransportProvider> providers() {
        if (!transports.isEmpty()) {
            return transports;
        }
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private SessionLimits sessionLimits() {
        SessionLimits session = limits.session();
        return idleTimeout == null ? session : session.withTimeouts(session.handshakeTimeout(), idleTimeout);
    }
}
