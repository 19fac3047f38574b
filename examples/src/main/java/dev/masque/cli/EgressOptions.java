package dev.masque.cli;

import dev.masque.core.Target;
import dev.masque.core.tls.PeerTrust;
import dev.masque.geohash.Coarsening;
import dev.masque.geohash.GeoSigningKey;
import dev.masque.geohash.PopulationTable;
import dev.masque.geohash.maxmind.MaxMindLocator;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.egress.LeaveCountry;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.event.ServerListener;
import dev.masque.server.location.AttestationKeyRing;
import dev.masque.server.location.AttestationKeys;
import dev.masque.server.location.HintTrust;
import dev.masque.server.location.LocationAttestations;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of a proxy for places: where its tunnels leave from, whose hints it believes, what it attests of its clients. */
final class EgressOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--geofeed",
            paramLabel = "FILE",
            description = "Addresses that tunnels leave from, by the place where clients want to be: lines of "
                    + "prefix,country,region,city,postal,cell, or YAML if it ends in .yaml or .yml. Read again when it "
                    + "changes.")
    private Path geofeed;

    @Option(
            names = "--leave-country",
            paramLabel = "WHEN",
            description = "When a client that names a country may leave from a default address: "
                    + "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "IF_NOT_SERVED")
    private LeaveCountry leaveCountry = LeaveCountry.IF_NOT_SERVED;

    @Option(
            names = "--any-ip",
            description = "Uses addresses that no interface has, of prefixes routed to this host as a whole (Linux: "
                    + "ip -6 route add local PREFIX dev lo).")
    private boolean anyIp;

    @Option(
            names = "--attested-by",
            paramLabel = "URL|FILE",
            description = "Believes only hints that this first hop attests: its https URL, where its keys are fetched, "
                    + "or a file with its keys, PEM, which is read again when it changes; may be repeated. Needs "
                    + "--known-as.")
    private List<String> attestedBy = List.of();

    @Option(
            names = "--known-as",
            paramLabel = "HOST:PORT",
            description = "How clients name this proxy to the first hop; may be repeated.")
    private List<String> knownAs = List.of();

    @Nullable @Option(
            names = "--first-hop-ca",
            paramLabel = "FILE",
            description = "Trust the first hop by this authority, PEM, when its keys are fetched.")
    private Path firstHopAuthority;

    @Nullable @Option(
            names = "--locate",
            paramLabel = "FILE",
            description = "Tells clients where they are, signed, for the next hop: a MaxMind database of cities or "
                    + "countries, read again when it is replaced. Needs --attestation-key.")
    private Path database;

    @Nullable @Option(
            names = "--attestation-key",
            paramLabel = "FILE",
            description =
                    "The Ed25519 key to sign with, PEM (openssl genpkey -algorithm ed25519). When the file changes, the "
                            + "new key is published at once and signs in two hours.")
    private Path signingKey;

    @Nullable @Option(
            names = "--former-attestation-key",
            paramLabel = "FILE",
            description = "The key before --attestation-key, PEM, for a start while the key changes: it signs for two "
                    + "hours, while others learn of the new one, and is published until what it signed has ended.")
    private Path formerSigningKey;

    @Nullable @Option(
            names = "--population",
            paramLabel = "FILE",
            description =
                    "Who lives where: lines of cell,country,people, or a table of GeoNames. Cells are made larger "
                            + "until --min-population people live there.")
    private Path population;

    @Option(
            names = "--min-population",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many people a cell must hold to be told (default: ${DEFAULT-VALUE}); with --population.")
    private long minimum = 100_000;

    @Option(
            names = "--precision",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many characters of a cell are used and told at most; 0 is the country only "
                    + "(default: ${DEFAULT-VALUE}).")
    private int precision = 5;

    /** Whether tunnels leave from addresses of this proxy's choice. */
    boolean hasPools() {
        return geofeed != null;
    }

    /** Adds what the options say. */
    void apply(MasqueServerBuilder builder) throws IOException, GeneralSecurityException {
        builder.listener(new Report(spec.commandLine().getErr()));
        if (precision < 0 || precision > 12) {
            throw usage("--precision is 0 to 12");
        }
        if (geofeed != null) {
            EgressSelector.Builder pools = EgressSelector.builder()
                    .file(geofeed, YamlPools.orGeofeed(geofeed))
                    .leaveCountry(leaveCountry);
            builder.egress((anyIp ? pools.useAnyIp() : pools).build());
            builder.trustHints(trust());
        } else if (!attestedBy.isEmpty()) {
            throw usage("--attested-by needs --geofeed");
        }
        if (database != null && signingKey != null) {
            FollowedFile places = FollowedFile.of(database);
            FollowedFile secret = FollowedFile.of(signingKey);
            MaxMindLocator locator = MaxMindLocator.open(database); // for as long as the process lives
            AttestationKeyRing keys = keyRing(signingKey);
            places.follow(builder, "places", file -> locator.reload());
            secret.follow(builder, "attestation key", file -> keys.rotate(readKey(file)));
            builder.attestLocations(LocationAttestations.builder(keys, locator::locate)
                    .coarsening(coarsening())
                    .build());
        } else if (database != null || signingKey != null || formerSigningKey != null) {
            throw usage("give both --locate and --attestation-key");
        }
    }

    private AttestationKeyRing keyRing(Path current) throws IOException {
        GeoSigningKey key = readKey(current);
        if (formerSigningKey == null) {
            return AttestationKeyRing.of(key);
        }
        AttestationKeyRing keys = AttestationKeyRing.of(readKey(formerSigningKey));
        keys.rotate(key);
        return keys;
    }

    private static GeoSigningKey readKey(Path file) throws IOException {
        return GeoSigningKey.parse(Files.readString(file));
    }

    private Coarsening coarsening() throws IOException {
        return population == null
                ? Coarsening.to(precision)
                : Coarsening.of(precision, minimum, PopulationTable.read(population));
    }

    private HintTrust trust() throws IOException, GeneralSecurityException {
        HintTrust.Builder trust = HintTrust.builder().precision(precision);
        if (attestedBy.isEmpty()) {
            return trust.everybody().build();
        }
        if (knownAs.isEmpty()) {
            throw usage("--attested-by needs --known-as HOST:PORT");
        }
        for (String name : knownAs) {
            Target named = TargetArgument.parse(name);
            trust.audience(named.authority());
        }
        for (String source : attestedBy) {
            trust.attestedBy(
                    source.startsWith("https://")
                            ? AttestationKeys.fetched(URI.create(source), http())
                            : AttestationKeys.watched(Path.of(source)));
        }
        return trust.build();
    }

    private HttpClient http() throws IOException, GeneralSecurityException {
        if (firstHopAuthority == null) {
            return HttpClient.newHttpClient();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {PeerTrust.pem(firstHopAuthority).manager()}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** What goes wrong while the proxy runs is for the operator to know. */
    private record Report(PrintWriter out) implements ServerListener {
        @Override
        public void configurationReloaded(ConfigurationReloaded event) {
            say(event.what()
                    + event.problem().map(why -> " not read again: " + why).orElse(" read again"));
        }

        @Override
        public void egressPoolUnavailable(EgressPoolUnavailable event) {
            say("egress pool " + event.pool() + " is out for " + event.pause().toSeconds() + " s: "
                    + event.type().token());
        }

        private void say(String line) {
            out.println("masque proxy: " + line);
            out.flush();
        }
    }
}
