package dev.masque.server;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.RawKeyServer;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticator;
import dev.masque.server.dial.Timer;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.event.ServerListener;
import dev.masque.server.location.HintTrust;
import dev.masque.server.location.LocationAttestations;
import dev.masque.server.site.Mount;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what a {@link MasqueServer} is to be. Needed are {@link #listen}, {@link #identity} or {@link #rawKey}, and either {@link #authenticate}
 * or {@link #openToEveryone}. Not thread-safe.
 */
public final class MasqueServerBuilder {
    final List<InetSocketAddress> listen = new ArrayList<>();
    final List<InetSocketAddress> advertised = new ArrayList<>();
    final Set<String> names = new HashSet<>();
    final Set<HttpVersion> versions = EnumSet.noneOf(HttpVersion.class);
    final List<Authenticator> authenticators = new ArrayList<>();
    final List<ServerListener> listeners = new ArrayList<>();
    final List<Mount> mounts = new ArrayList<>();
    final Map<String, Reloading> reloading = new LinkedHashMap<>();

    @Nullable IdentitySelector identities;

    @Nullable ClientAuthentication clients;

    @Nullable private Supplier<RawKey> rawKey;

    @Nullable private RawKeyPins rawClients;

    private boolean rawClientsRequired;

    @Nullable List<TransportProvider> transports;

    @Nullable Network network;

    @Nullable Upstream upstream;

    @Nullable Resolver resolver;

    @Nullable Executor handlerExecutor;

    @Nullable SourceAddressSelector selector;

    @Nullable EgressSelector egress;

    @Nullable LocationAttestations attestations;

    @Nullable Timer timer;

    boolean openToEveryone;
    boolean detailedTiming;
    String name = "masque-proxy";
    ResponseProfile profile = ResponseProfile.PRIVACY_PROXY;
    Supplier<AccessPolicy> policy = AccessPolicy::publicOnly;
    HintTrust trust = HintTrust.anyone();
    ServerLimits limits = ServerLimits.defaults();
    UdpTemplate template = UdpTemplate.DEFAULT;

    /** Of a server that has only a raw public key; nobody asks. */
    private static final IdentitySelector NO_CERTIFICATE = name -> {
        throw new IllegalStateException("no certificate");
    };

    MasqueServerBuilder() {}

    /**
     * Listens on an address: TCP for HTTP/1.1 and HTTP/2, UDP of the same port for HTTP/3. May be called several times.
     *
     * @param address resolved; port 0 takes a free one
     * @return this builder
     */
    public MasqueServerBuilder listen(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address to listen on is not resolved: " + address);
        }
        listen.add(address);
        return this;
    }

    /**
     * Shows a certificate that stays the same.
     *
     * @param fixed certificate and key
     * @return this builder
     */
    public MasqueServerBuilder identity(TlsIdentity fixed) {
        return identity(() -> fixed);
    }

    /**
     * Shows a certificate that may change while the server runs.
     *
     * @param current called for every new connection, must not block; see {@link Identities}
     * @return this builder
     */
    public MasqueServerBuilder identity(Supplier<TlsIdentity> current) {
        return identities(IdentitySelector.always(current));
    }

    /**
     * Shows the certificate of the name that a client asks for.
     *
     * @param selector asked for every new connection, must not block
     * @return this builder
     */
    public MasqueServerBuilder identities(IdentitySelector selector) {
        identities = selector;
        return this;
    }

    /**
     * Is known by a raw public key (RFC 7250) that stays the same: see {@link #rawKey(Supplier)}.
     *
     * @param fixed a key pair
     * @return this builder
     */
    public MasqueServerBuilder rawKey(RawKey fixed) {
        return rawKey(() -> fixed);
    }

    /**
     * Is known by a raw public key (RFC 7250) to clients that ask for one, such as proxies that have pinned it; the others see the
     * certificate, or are turned away if there is none. TLS 1.3 over TCP only: {@link #start} fails with HTTP/3, and without {@code
     * bctls-jdk18on} on the class path.
     *
     * @param current called for every new connection, must not block. Clients have to know the next key before it changes
     * @return this builder
     */
    public MasqueServerBuilder rawKey(Supplier<RawKey> current) {
        rawKey = current;
        return this;
    }

    /**
     * Turns away clients that know this server by its {@link #rawKey} and do not show a key of their own that is trusted. Who they
     * are is for {@link #authenticate} to find out. If the server also has a certificate, {@link #requireClientCertificates} has to
     * go with it: nobody is to get round a key with none.
     *
     * @param trusted their keys, of which each may have several; they may change while the server runs
     * @return this builder
     */
    public MasqueServerBuilder requireClientRawKeys(RawKeyPins trusted) {
        rawClients = trusted;
        rawClientsRequired = true;
        return this;
    }

    /**
     * Asks clients that know this server by its {@link #rawKey} for a key of their own; who has none may be let in by other
     * credentials.
     *
     * @param trusted their keys; who shows another one is turned away
     * @return this builder
     */
    public MasqueServerBuilder askForClientRawKeys(RawKeyPins trusted) {
        rawClients = trusted;
        rawClientsRequired = false;
        return this;
    }

    @Nullable RawKeyServer rawKeys() {
        return rawKey == null ? null : new RawKeyServer(rawKey, rawClients, rawClientsRequired, identities == null);
    }

    /**
     * Turns away clients without a certificate that is trusted, in the handshake. Who they are is for {@link #authenticate} to
     * find out. HTTP/3 needs the transport on quiche for it: {@link #start} fails otherwise.
     *
     * @param trust decides on their certificates
     * @return this builder
     */
    public MasqueServerBuilder requireClientCertificates(PeerTrust trust) {
        clients = new ClientAuthentication(trust, true);
        return this;
    }

    /**
     * Asks clients for a certificate; who has none may be let in by other credentials. HTTP/3 needs the transport on quiche for
     * it: {@link #start} fails otherwise.
     *
     * @param trust decides on their certificates; who shows one that it refuses is turned away
     * @return this builder
     */
    public MasqueServerBuilder askForClientCertificates(PeerTrust trust) {
        clients = new ClientAuthentication(trust, false);
        return this;
    }

    /**
     * Speaks only some versions of HTTP. Without this, those that the transports on the class path speak.
     *
     * @param wanted at least one; {@link #start} fails if one of them is not there
     * @return this builder
     */
    public MasqueServerBuilder versions(HttpVersion... wanted) {
        if (wanted.length == 0) {
            throw new IllegalArgumentException("no version of HTTP");
        }
        versions.clear();
        versions.addAll(List.of(wanted));
        return this;
    }

    /**
     * Lets in whom one of these accepts. May be called several times.
     *
     * @param more asked in this order
     * @return this builder
     */
    public MasqueServerBuilder authenticate(Authenticator... more) {
        authenticators.addAll(List.of(more));
        return this;
    }

    /**
     * Lets in everyone. An open proxy on the internet is found and abused within hours.
     *
     * @return this builder
     */
    public MasqueServerBuilder openToEveryone() {
        openToEveryone = true;
        return this;
    }

    /**
     * Refuses with the status codes of a profile.
     *
     * @param chosen {@link ResponseProfile#PRIVACY_PROXY} is the default
     * @return this builder
     */
    public MasqueServerBuilder responseProfile(ResponseProfile chosen) {
        profile = chosen;
        return this;
    }

    /**
     * Limits the targets.
     *
     * @param fixed {@link AccessPolicy#publicOnly()} is the default
     * @return this builder
     */
    public MasqueServerBuilder accessPolicy(AccessPolicy fixed) {
        return accessPolicy(() -> fixed);
    }

    /**
     * Limits the targets with a policy that may change while the server runs.
     *
     * @param current called for every tunnel, must not block
     * @return this builder
     */
    public MasqueServerBuilder accessPolicy(Supplier<AccessPolicy> current) {
        policy = current;
        return this;
    }

    /**
     * Chooses the source address of connections to targets.
     *
     * @param selector the default leaves it to the system
     * @return this builder
     */
    public MasqueServerBuilder sourceAddress(SourceAddressSelector selector) {
        this.selector = selector;
        return this;
    }

    SourceAddressSelector sources() {
        return selector == null ? query -> null : selector;
    }

    /**
     * Lets tunnels leave from pools of addresses, near to where clients want to be: see {@link #trustHints}.
     *
     * @param pools read again while the server runs, if they come from a file
     * @return this builder
     */
    public MasqueServerBuilder egress(EgressSelector pools) {
        egress = pools;
        return this;
    }

    /**
     * Whose word is taken for where a client wants to be, in {@code sec-ch-geohash}. What is not believed or cannot be understood
     * is passed over, and {@code Proxy-Status} says so.
     *
     * @param chosen {@link HintTrust#anyone()} is the default
     * @return this builder
     */
    public MasqueServerBuilder trustHints(HintTrust chosen) {
        trust = chosen;
        return this;
    }

    /** Null if nobody would look at a hint. */
    @Nullable HintTrust trustUsed() {
        return egress == null && selector == null && upstream == null ? null : trust;
    }

    /**
     * Tells clients in the answer to a request for a tunnel where they are, signed, so that the next hop can believe it; and
     * publishes the keys at {@value dev.masque.geohash.GeoKeySet#WELL_KNOWN}.
     *
     * @param chosen keys and the knowledge of places
     * @return this builder
     */
    public MasqueServerBuilder attestLocations(LocationAttestations chosen) {
        attestations = chosen;
        return this;
    }

    /**
     * Has something follow its files while the server runs; {@link ServerListener#configurationReloaded} tells of it. Egress pools
     * and the keys of first hops do so by themselves. May be called several times.
     *
     * @param what how the event calls it, such as {@code certificate}
     * @param source asked every few seconds
     * @return this builder
     */
    public MasqueServerBuilder reload(String what, Reloading source) {
        if (reloading.putIfAbsent(what, source) != null) {
            throw new IllegalArgumentException("two sources of " + what);
        }
        return this;
    }

    /**
     * Bounds what clients may cost.
     *
     * @param chosen {@link ServerLimits#defaults()} is the default
     * @return this builder
     */
    public MasqueServerBuilder limits(ServerLimits chosen) {
        limits = chosen;
        return this;
    }

    /**
     * Tells what happens. May be called several times.
     *
     * @param listener what it throws is caught
     * @return this builder
     */
    public MasqueServerBuilder listener(ServerListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Answers ordinary requests whose path is or lies below a path; of several the longest takes it. Nobody is authenticated.
     *
     * @param path starts with {@code /}
     * @param handler runs on a thread that may block; the exchange is a {@link com.sun.net.httpserver.HttpsExchange} that tells
     *     the client's certificates, and has no server and no filters
     * @return this builder
     */
    public MasqueServerBuilder handler(String path, HttpHandler handler) {
        if (mounts.stream().anyMatch(mount -> mount.path().equals(path))) {
            throw new IllegalArgumentException("two handlers for path " + path);
        }
        mounts.add(new Mount(path, handler));
        return this;
    }

    /**
     * Runs handlers on threads of one's own.
     *
     * @param executor not closed by the server; the default takes virtual threads where the JVM has them
     * @return this builder
     */
    public MasqueServerBuilder handlerExecutor(Executor executor) {
        handlerExecutor = executor;
        return this;
    }

    /**
     * How this proxy calls itself in {@code Proxy-Status}.
     *
     * @param identifier printable ASCII; the default is {@code masque-proxy}, not the name of the host
     * @return this builder
     */
    public MasqueServerBuilder name(String identifier) {
        ProxyStatus.of(identifier);
        name = identifier;
        return this;
    }

    /**
     * Says a host that clients may use in {@code :authority} of templated requests, beside those of the certificate.
     *
     * @param host a name
     * @return this builder
     */
    public MasqueServerBuilder alsoKnownAs(String host) {
        names.add(Target.of(host, 443).host());
        return this;
    }

    /**
     * Says an address at which clients reach this server through a NAT or load balancer, so that nobody is sent round in a circle.
     *
     * @param address resolved
     * @return this builder
     */
    public MasqueServerBuilder reachedThrough(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address is not resolved: " + address);
        }
        advertised.add(address);
        return this;
    }

    /**
     * Serves UDP tunnels at another path.
     *
     * @param chosen {@link UdpTemplate#DEFAULT} is the default
     * @return this builder
     */
    public MasqueServerBuilder udpTemplate(UdpTemplate chosen) {
        template = chosen;
        return this;
    }

    /**
     * Tells clients in {@code Server-Timing} also how long name and connection took.
     *
     * @return this builder
     */
    public MasqueServerBuilder detailedTiming() {
        detailedTiming = true;
        return this;
    }

    /**
     * Resolves names with a resolver of one's own.
     *
     * @param chosen not closed by the server; the default asks the name servers of the system
     * @return this builder
     */
    public MasqueServerBuilder resolver(Resolver chosen) {
        resolver = chosen;
        return this;
    }

    /**
     * Reaches targets through a network of one's own.
     *
     * @param chosen not closed by the server; the default is found by {@link java.util.ServiceLoader}
     * @return this builder
     */
    public MasqueServerBuilder network(Network chosen) {
        network = chosen;
        return this;
    }

    /**
     * Reaches every target through a tunnel of another proxy, which resolves names and connects: this proxy speaks to that one
     * itself, in its own name. <em>That separates nothing</em>: this proxy sees both the client and its targets, as a single
     * proxy does. Where nobody is to see both, the client makes the chain: see {@code MasqueClientBuilder.hop}.
     *
     * <p>The access policy holds for names, ports and addresses as they are asked for, {@link AccessPolicy#withoutResolving}. The
     * other proxy is told, in {@code sec-ch-geohash}, where a client wants to be, if {@link #trustHints} believes it, or is, if
     * {@link #attestLocations} knows it; with an attestation that is made out to it. Its {@code Proxy-Status} goes on to the
     * client, before this proxy's own.
     *
     * @param proxy the other proxy, as it calls itself in attestations
     * @param tunnels such as {@code MasqueClient.asNetwork()} of a client that shows a certificate; not closed by the server
     * @return this builder
     */
    public MasqueServerBuilder upstream(Target proxy, Network tunnels) {
        upstream = new Upstream(proxy, tunnels);
        return this;
    }

    /**
     * Serves clients through transports of one's own choice.
     *
     * @param chosen the default is what {@link java.util.ServiceLoader} finds
     * @return this builder
     */
    public MasqueServerBuilder transports(TransportProvider... chosen) {
        transports = List.of(chosen);
        return this;
    }

    /** Tests bring a clock of their own. */
    MasqueServerBuilder timer(Timer chosen) {
        timer = chosen;
        return this;
    }

    /**
     * Starts the server.
     *
     * @return a server that listens
     * @throws IOException if there is no transport or the port cannot be bound
     * @throws IllegalStateException if something that is needed was not said; the message says what
     */
    public MasqueServer start() throws IOException {
        check(!listen.isEmpty(), "listen: on which address?");
        check(!authenticators.isEmpty() || openToEveryone, "authenticate: who may use it? (or openToEveryone)");
        check(authenticators.isEmpty() || !openToEveryone, "authenticate and openToEveryone exclude each other");
        check(egress == null || selector == null, "egress and sourceAddress exclude each other");
        check(
                upstream == null || egress == null && selector == null && network == null && resolver == null,
                "with upstream, egress, sourceAddress, network and resolver are the other proxy's");
        check(identities != null || rawKey != null, "identity: which certificate? (or rawKey)");
        check(
                rawClients == null || rawKey != null,
                "rawKey: clients show raw public keys only to a server that has one");
        check(
                identities != null || clients == null,
                "identity: clients show certificates only to a server that has one");
        check(
                identities == null || rawKey == null || rawClientsRequired == (clients != null && clients.required()),
                "requireClientRawKeys and requireClientCertificates: both or none of them, who must show one could else come"
                        + " the other way");
        return new Assembly(this, identities == null ? NO_CERTIFICATE : identities).start();
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException(message);
        }
    }
}
