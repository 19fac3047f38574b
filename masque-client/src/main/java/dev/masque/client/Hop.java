package dev.masque.client;

import dev.masque.client.pool.ProxyEndpoint;
import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of a chain, with what it is shown: its credentials, certificate and fields go to it alone, inside TLS that ends
 * there. Immutable; each method returns a changed copy. See {@link MasqueClientBuilder#hop}.
 *
 * <pre>{@code
 * MasqueClient client = MasqueClient.builder()
 *         .hop(Hop.to("https://a.example").credentials(Credentials.bearer(account)))
 *         .hop(Hop.to("https://b.example").credentials(Credentials.privacyPass(wallet)))
 *         .build();
 * }</pre>
 */
public final class Hop {
    /** What the client or a transport sets itself. */
    private static final Set<String> RESERVED = Set.of(
            "proxy-authorization",
            GeoHint.NAME,
            GeoAttestation.NAME,
            "capsule-protocol",
            "host",
            "connection",
            "upgrade",
            "content-length",
            "transfer-encoding");

    private final ProxyEndpoint endpoint;
    private final Credentials credentials;
    private final HeaderFields fields;
    private final List<HttpVersion> versions;

    private final HopTls tls;

    @Nullable private final GeoHint geohash;

    private final boolean attested;

    private Hop(
            ProxyEndpoint endpoint,
            Credentials credentials,
            HeaderFields fields,
            List<HttpVersion> versions,
            HopTls tls,
            @Nullable GeoHint geohash,
            boolean attested) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.fields = fields;
        this.versions = versions;
        this.tls = tls;
        this.geohash = geohash;
        this.attested = attested;
    }

    /**
     * A proxy.
     *
     * @param proxy {@code https://proxy.example[:port]}, or a template of RFC 9298, section 2 such as {@code
     *     https://proxy.example/masque{?target_host,target_port}}
     * @return a hop without credentials, with the trust of the JVM, over whatever version of HTTP works
     * @throws IllegalArgumentException if it is neither
     */
    public static Hop to(String proxy) {
        return new Hop(
                ProxyEndpoint.parse(proxy),
                Credentials.none(),
                HeaderFields.builder().build(),
                List.of(),
                HopTls.DEFAULT,
                null,
                false);
    }

    /**
     * A proxy.
     *
     * @param proxy {@code https://proxy.example[:port]}
     * @return a hop, see {@link #to(String)}
     * @throws IllegalArgumentException if it is something else
     */
    public static Hop to(URI proxy) {
        return to(proxy.toString());
    }

    /**
     * What the proxy is shown. None by default.
     *
     * @param shown asked for each request
     * @return a copy
     */
    public Hop credentials(Credentials shown) {
        return new Hop(endpoint, shown, fields, versions, tls, geohash, attested);
    }

    /**
     * Which certificates are taken for the proxy's. By default those that the JVM trusts.
     *
     * @param decides on the proxy's chain
     * @return a copy
     */
    public Hop trust(PeerTrust decides) {
        return new Hop(endpoint, credentials, fields, versions, tls.trust(decides), geohash, attested);
    }

    /**
     * Shows a certificate if the proxy asks for one. None by default.
     *
     * @param fixed certificate and key; see {@link dev.masque.core.tls.Identities}
     * @return a copy
     */
    public Hop identity(TlsIdentity fixed) {
        return identity(() -> fixed);
    }

    /**
     * Shows a certificate, which may change, if the proxy asks for one. None by default.
     *
     * @param current called for every new connection, must not block; see {@link dev.masque.core.tls.Identities}
     * @return a copy
     */
    public Hop identity(Supplier<TlsIdentity> current) {
        return new Hop(endpoint, credentials, fields, versions, tls.identity(current), geohash, attested);
    }

    /**
     * Knows the proxy by its raw public key (RFC 7250), instead of by a certificate and a name. TLS 1.3 over TCP only: HTTP/3 is left
     * out, and {@code bctls-jdk18on} has to be on the class path.
     *
     * @param pinned the proxy's keys: this one and the next, say. They may change while the client runs
     * @return a copy
     */
    public Hop trustRawKeys(RawKeyPins pinned) {
        return new Hop(endpoint, credentials, fields, versions, tls.rawProxy(pinned), geohash, attested);
    }

    /**
     * Shows a raw public key if the proxy asks for one. It has to be known by one itself: {@link #trustRawKeys}. None by default.
     *
     * @param fixed a key pair
     * @return a copy
     */
    public Hop rawKey(RawKey fixed) {
        return rawKey(() -> fixed);
    }

    /**
     * Shows a raw public key, which may change, if the proxy asks for one: see {@link #rawKey(RawKey)}.
     *
     * @param current called for every new connection, must not block
     * @return a copy
     */
    public Hop rawKey(Supplier<RawKey> current) {
        return new Hop(endpoint, credentials, fields, versions, tls.rawKey(current), geohash, attested);
    }

    /**
     * Asks the proxy for egress addresses near a place, with {@value GeoHint#NAME} in every request to it, and to no other. Of
     * the cell, {@value GeoHint#DEFAULT_PRECISION} characters are sent, a city. Nothing is said of the place by default. What
     * the proxy before attests of the place goes with it.
     *
     * @param hint where to be near
     * @return a copy
     */
    public Hop geohash(GeoHint hint) {
        return geohash(hint, GeoHint.DEFAULT_PRECISION);
    }

    /**
     * Asks the proxy for egress addresses near a place.
     *
     * @param hint where to be near
     * @param precision how many characters of the cell are sent at most, 0 for the country only
     * @return a copy
     * @throws IllegalArgumentException if the precision is not 0 to 12
     */
    public Hop geohash(GeoHint hint, int precision) {
        return new Hop(endpoint, credentials, fields, versions, tls, hint.cutTo(precision), attested);
    }

    /**
     * Passes on to the proxy what the one before attests of where the client is ({@value GeoAttestation#NAME}), and asks for
     * egress addresses near there in this way. Not done by default, unless there is a {@link #geohash} for the proxy.
     *
     * @return a copy
     */
    public Hop attestedLocation() {
        return new Hop(endpoint, credentials, fields, versions, tls, geohash, true);
    }

    /**
     * Which versions of HTTP to speak with the proxy, the preferred first. By default HTTP/3, HTTP/2, HTTP/1.1, as far as
     * there are transports and the hop before carries them; what is named here needs a transport.
     *
     * @param wanted at least one
     * @return a copy
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public Hop versions(HttpVersion... wanted) {
        List<HttpVersion> list = List.of(wanted);
        if (wanted.length == 0 || Set.copyOf(list).size() != wanted.length) {
            throw new IllegalArgumentException("no version of HTTP, or one twice");
        }
        return new Hop(endpoint, credentials, fields, list, tls, geohash, attested);
    }

    /**
     * Adds a field to every request to the proxy.
     *
     * @param name a field that the client does not set itself
     * @param value its value
     * @return a copy
     * @throws IllegalArgumentException if one of them is not legal in HTTP, or the field is one that the client sets
     */
    public Hop field(String name, String value) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the client sets this field itself: " + name);
        }
        return fields(HeaderFields.builder().add(name, value).build());
    }

    /** With more fields, that are known to be good ones. */
    Hop fields(HeaderFields added) {
        HeaderFields all = HeaderFields.builder().addAll(fields).addAll(added).build();
        return new Hop(endpoint, credentials, all, versions, tls, geohash, attested);
    }

    ProxyEndpoint endpoint() {
        return endpoint;
    }

    Credentials credentials() {
        return credentials;
    }

    /** What stands in every request. */
    HeaderFields fields() {
        return fields;
    }

    boolean passesAttestation() {
        return attested || geohash != null;
    }

    @Nullable GeoHint geohash() {
        return geohash;
    }

    List<HttpVersion> versions() {
        return versions;
    }

    HopTls tls() {
        return tls;
    }

    /** The proxy's authority, and nothing that it is shown. */
    @Override
    public String toString() {
        return endpoint.authority();
    }
}
