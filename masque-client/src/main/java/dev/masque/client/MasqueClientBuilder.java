package dev.masque.client;

import dev.masque.client.event.ClientListener;
import dev.masque.core.HttpVersion;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.geohash.GeoHint;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link MasqueClient}. Not thread-safe. */
public final class MasqueClientBuilder {
    private static final Hop ANY = Hop.to("https://proxy.invalid");

    private final List<ClientListener> listeners = new ArrayList<>();
    private final List<Hop> hops = new ArrayList<>();
    private final List<UnaryOperator<Hop>> ofProxy = new ArrayList<>();
    private List<TransportProvider> transports = List.of();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration headStart = Duration.ofMillis(200);
    private ClientLimits limits = ClientLimits.defaults();
    private InstantSource clock = InstantSource.system();

    @Nullable private Hop proxy;

    @Nullable private Duration idleTimeout;

    @Nullable private Executor executor;

    @Nullable private Resolver resolver;

    MasqueClientBuilder() {}

    /**
     * Where the only proxy is. This or {@link #hop} is required.
     *
     * @param proxy {@code https://proxy.example[:port]}, or a template of RFC 9298, section 2 such as {@code
     *     https://proxy.example/masque{?target_host,target_port}}
     * @return this builder
     * @throws IllegalArgumentException if it is neither
     */
    public MasqueClientBuilder proxy(String proxy) {
        this.proxy = Hop.to(proxy);
        return this;
    }

    /**
     * Where the only proxy is. This or {@link #hop} is required.
     *
     * @param proxy {@code https://proxy.example[:port]}
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public MasqueClientBuilder proxy(URI proxy) {
        return proxy(proxy.toString());
    }

    /**
     * Adds a proxy to a chain: what is opened through the client goes through the first that was added, from there to the
     * second, and so on. The session to each is made inside a tunnel through the one before, which sees its name and
     * nothing of what goes on inside: not the target, nor the credentials. What a proxy is shown is said on its {@link Hop};
     * {@link #credentials}, {@link #trust}, {@link #identity}, {@link #trustRawKeys}, {@link #rawKey}, {@link #versions}, {@link #geohash} and {@link #field} are those of a
     * {@link #proxy}. HTTP/3 to a proxy needs UDP payloads of 1,200 bytes through the one before; where they do not fit,
     * another version is taken, or the failure says so.
     *
     * @param hop the next proxy, and what to show it
     * @return this builder
     */
    public MasqueClientBuilder hop(Hop hop) {
        hops.add(hop);
        return this;
    }

    /**
     * What the proxy is shown. None by default.
     *
     * @param credentials asked for each request
     * @return this builder
     */
    public MasqueClientBuilder credentials(Credentials credentials) {
        return ofProxy(hop -> hop.credentials(credentials));
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
        GeoHint cut = hint.cutTo(precision);
        return ofProxy(hop -> hop.geohash(cut, precision));
    }

    /**
     * Which certificates are taken for the proxy's. By default those that the JVM trusts.
     *
     * @param trust decides
     * @return this builder
     */
    public MasqueClientBuilder trust(PeerTrust trust) {
        return ofProxy(hop -> hop.trust(trust));
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
        return ofProxy(hop -> hop.identity(current));
    }

    /**
     * Knows the proxy by its raw public key (RFC 7250), instead of by a certificate and a name: see {@link Hop#trustRawKeys}.
     *
     * @param pinned the proxy's keys: this one and the next, say
     * @return this builder
     */
    public MasqueClientBuilder trustRawKeys(RawKeyPins pinned) {
        return ofProxy(hop -> hop.trustRawKeys(pinned));
    }

    /**
     * Shows a raw public key if the proxy asks for one: see {@link Hop#rawKey(RawKey)}.
     *
     * @param fixed a key pair
     * @return this builder
     */
    public MasqueClientBuilder rawKey(RawKey fixed) {
        return rawKey(() -> fixed);
    }

    /**
     * Shows a raw public key, which may change, if the proxy asks for one: see {@link Hop#rawKey(RawKey)}.
     *
     * @param current called for every new connection, must not block
     * @return this builder
     */
    public MasqueClientBuilder rawKey(Supplier<RawKey> current) {
        return ofProxy(hop -> hop.rawKey(current));
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
        Hop valid = ANY.versions(versions);
        return ofProxy(hop -> hop.versions(valid.versions().toArray(HttpVersion[]::new)));
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
        Hop valid = ANY.field(name, value);
        return ofProxy(hop -> hop.fields(valid.fields()));
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

    private MasqueClientBuilder ofProxy(UnaryOperator<Hop> setting) {
        ofProxy.add(setting);
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
     * @throws IllegalStateException if no proxy is set, or a setting of a proxy beside hops, or there is no transport for a
     *     version
     */
    public MasqueClient build() {
        Chain.Settings settings = new Chain.Settings(
                chain(),
                providers(),
                sessionLimits(),
                limits,
                connectTimeout,
                requestTimeout,
                headStart,
                resolver,
                clock);
        return Chain.build(settings, new GuardedListener(List.copyOf(listeners)), executor);
    }

    private List<Hop> chain() {
        if (!hops.isEmpty()) {
            if (proxy != null || !ofProxy.isEmpty()) {
                throw new IllegalStateException("with hops, what a proxy is shown is said on its hop");
            }
            return List.copyOf(hops);
        }
        Hop only = proxy;
        if (only == null) {
            throw new IllegalStateException("proxy is not set");
        }
        for (UnaryOperator<Hop> setting : ofProxy) {
            only = setting.apply(only);
        }
        return List.of(only);
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
