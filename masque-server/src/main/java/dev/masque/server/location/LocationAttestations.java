package dev.masque.server.location;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.core.Target;
import dev.masque.geohash.Coarsening;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoKeySet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a first hop tells clients to show to the next one: roughly where they are, signed. The answer to a request for a tunnel
 * carries it in {@value GeoAttestation#NAME}, made out to the tunnel's target. Thread-safe.
 *
 * <p>The address of a client is looked up and forgotten; all clients of a cell get the same bytes.
 */
public final class LocationAttestations {
    /** For how long a fetched document may be kept: well below the time that a key is published before it signs. */
    private static final String CACHE = "max-age=900";

    private final AttestationKeyRing keys;
    private final ClientLocator locator;
    private final Coarsening coarsening;
    private final Set<String> audiences;

    private LocationAttestations(Builder builder) {
        keys = builder.keys;
        locator = builder.locator;
        coarsening = builder.coarsening;
        audiences = Set.copyOf(builder.audiences);
    }

    /**
     * Attestations for every next hop, of cells cut to {@value GeoHint#DEFAULT_PRECISION} characters.
     *
     * @param keys what to sign with
     * @param locator knows where clients are
     * @return the attestations
     */
    public static LocationAttestations of(AttestationKeyRing keys, ClientLocator locator) {
        return builder(keys, locator).build();
    }

    /**
     * Attestations to configure.
     *
     * @param keys what to sign with
     * @param locator knows where clients are
     * @return a builder
     */
    public static Builder builder(AttestationKeyRing keys, ClientLocator locator) {
        return new Builder(Objects.requireNonNull(keys, "keys"), Objects.requireNonNull(locator, "locator"));
    }

    /**
     * Attests where a client is.
     *
     * @param client its address
     * @param nextHop the target of its tunnel
     * @return the value of the field; empty if its place is not known, or nothing is attested to this target
     */
    public Optional<String> attest(InetAddress client, Target nextHop) {
        return attestation(client, nextHop).map(GeoAttestation::format);
    }

    /**
     * Attests where a client is.
     *
     * @param client its address
     * @param nextHop whom it is made out to
     * @return the attestation; empty if its place is not known, or nothing is attested to this next hop
     */
    public Optional<GeoAttestation> attestation(InetAddress client, Target nextHop) {
        String audience = nextHop.authority();
        if (!audiences.isEmpty() && !audiences.contains(audience)) {
            return Optional.empty();
        }
        return hint(client).map(hint -> keys.attester().attest(hint, audience));
    }

    private Optional<GeoHint> hint(InetAddress client) {
        try {
            return locator.locate(client).map(coarsening::apply);
        } catch (RuntimeException e) {
            return Optional.empty(); // its message may name the address
        }
    }

    /**
     * Publishes the keys; belongs at {@value GeoKeySet#WELL_KNOWN}, where a server that attests puts it by itself.
     *
     * @return a handler
     */
    public HttpHandler keysHandler() {
        return this::publish;
    }

    private void publish(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] document = keys.published().format().getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", GeoKeySet.MEDIA_TYPE);
            exchange.getResponseHeaders().set("Cache-Control", CACHE);
            exchange.sendResponseHeaders(200, head ? -1 : document.length);
            if (!head) {
                exchange.getResponseBody().write(document);
            }
        }
    }

    /** Configures attestations. Not thread-safe. */
    public static final class Builder {
        private final AttestationKeyRing keys;
        private final ClientLocator locator;
        private final Set<String> audiences = new HashSet<>();
        private Coarsening coarsening = Coarsening.to(GeoHint.DEFAULT_PRECISION);

        private Builder(AttestationKeyRing keys, ClientLocator locator) {
            this.keys = keys;
            this.locator = locator;
        }

        /**
         * Attests only to this next hop, and to others that are named. May be called several times.
         *
         * @param nextHop as clients name it
         * @return this builder
         */
        public Builder audience(Target nextHop) {
            audiences.add(nextHop.authority());
            return this;
        }

        /**
         * How much of a place is told.
         *
         * @param chosen cuts cells, and makes them larger until enough people live there
         * @return this builder
         */
        public Builder coarsening(Coarsening chosen) {
            coarsening = chosen;
            return this;
        }

        /**
         * Makes the attestations.
         *
         * @return the attestations
         */
        public LocationAttestations build() {
            return new LocationAttestations(this);
        }
    }
}
