package dev.masque.examples;

import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.geohash.Coarsening;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoSigningKey;
import dev.masque.geohash.PopulationTable;
import dev.masque.geohash.maxmind.MaxMindLocator;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.location.AttestationKeyRing;
import dev.masque.server.location.AttestationKeys;
import dev.masque.server.location.ClientLocator;
import dev.masque.server.location.HintTrust;
import dev.masque.server.location.LocationAttestations;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Tunnels that leave near to where the client is: {@code EgressNearTheClient CERTIFICATE KEY GEOFEED DATABASE POPULATION} starts a
 * proxy for everyone on loopback whose clients learn where they are, and leave from the pools of the feed.
 */
public final class EgressNearTheClient {
    private EgressNearTheClient() {}

    /**
     * Starts the proxy, and waits until it is stopped.
     *
     * @param arguments certificate, its key, pools, MaxMind database, population
     * @throws IOException if a file cannot be used, or the port not bound
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        TlsIdentity identity =
                Identities.fromPem(Path.of(arguments[0]), Path.of(arguments[1])).get();
        // tag::locator[]
        MaxMindLocator locator = MaxMindLocator.open(Path.of(arguments[3])); // GeoLite2-City.mmdb
        Coarsening coarsening = Coarsening.of(5, 100_000, PopulationTable.read(Path.of(arguments[4])));
        ClientLocator coarse = address -> locator.locate(address).map(coarsening::apply);
        // end::locator[]
        try (MasqueServer proxy = firstHop(new InetSocketAddress("localhost", 8443), identity, coarse)) {
            System.out.println("listening " + proxy.addresses());
            proxy.awaitClose();
        }
    }

    static MasqueServer firstHop(InetSocketAddress address, TlsIdentity identity, ClientLocator locator)
            throws IOException {
        // tag::attest[]
        AttestationKeyRing keys = AttestationKeyRing.of(GeoSigningKey.generate()); // or GeoSigningKey.parse(pem)
        return MasqueServer.builder()
                .listen(address)
                .identity(identity)
                .attestLocations(LocationAttestations.of(keys, locator)) // and publishes the keys
                // end::attest[]
                .openToEveryone()
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .start();
    }

    static MasqueServer proxy(InetSocketAddress address, TlsIdentity identity, Path geofeed) throws IOException {
        // tag::egress[]
        return MasqueServer.builder()
                .listen(address)
                .identity(identity)
                .egress(EgressSelector.fromGeofeed(geofeed)) // read again when it changes
                // end::egress[]
                .openToEveryone()
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .start();
    }

    static MasqueServer secondHop(
            InetSocketAddress address,
            TlsIdentity identity,
            Path geofeed,
            URI firstHop,
            String knownAs,
            HttpClient http)
            throws IOException {
        // tag::trust[]
        HintTrust attested = HintTrust.builder()
                .audience(knownAs) // b.example:443, as clients name it to the first hop
                .attestedBy(AttestationKeys.fetched(firstHop, http)) // https://a.example
                .build();
        return MasqueServer.builder()
                .listen(address)
                .identity(identity)
                .egress(EgressSelector.fromGeofeed(geofeed))
                .trustHints(attested)
                // end::trust[]
                .openToEveryone()
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .start();
    }

    static String ask(String proxy, Path authority, GeoHint where, String host, int port) throws IOException {
        // tag::client[]
        try (MasqueClient client = MasqueClient.builder()
                        .proxy(proxy) // https://proxy.example
                        .geohash(where) // GeoHint.of("xn76c", "JP")
                        .trust(PeerTrust.pem(authority))
                        .build();
                TcpTunnel tunnel = client.openTcp(host, port)) {
            return new String(tunnel.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        // end::client[]
    }
}
