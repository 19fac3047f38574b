package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoKeySet;
import dev.masque.geohash.GeoSigningKey;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.egress.EgressPool;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.egress.Geofeed;
import dev.masque.server.location.AttestationKeyRing;
import dev.masque.server.location.AttestationKeys;
import dev.masque.server.location.ClientLocator;
import dev.masque.server.location.HintTrust;
import dev.masque.server.location.LocationAttestations;
import dev.masque.server.location.SettableClock;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the first hop's answer to the second hop's choice. */
class AttestationTest {
    private static final String B = "b.example:443";
    private static final String COPENHAGEN = "192.0.2.1";
    private static final String BERLIN = "192.0.2.2";
    private static final String OTHERS = "192.0.2.9";

    private final SettableClock clock = new SettableClock("2026-11-20T10:20:30Z");
    private final GeoSigningKey key = GeoSigningKey.generate();
    private final AttestationKeyRing ring =
            AttestationKeyRing.builder(key).clock(clock).build();

    /** Two networks in one cell, one elsewhere; of others nothing is known. */
    private final ClientLocator locator = client -> switch (client.getHostAddress()) {
        case "198.51.100.7" -> Optional.of(GeoHint.of("u3buxcv1", "DK"));
        case "198.51.100.8" -> Optional.of(GeoHint.of("u3buxf00", "DK"));
        case "198.51.100.9" -> Optional.of(GeoHint.of("u33dc0", "DE"));
        case "198.51.100.66" -> throw new IllegalStateException("cannot find 198.51.100.66");
        default -> Optional.empty();
    };

    @AutoClose
    private final ServerHarness first = ServerHarness.open(builder ->
            builder.attestLocations(LocationAttestations.of(ring, locator)).handlerExecutor(Runnable::run));

    private HintTrust.Builder trust() {
        return HintTrust.builder()
                .audience(B)
                .attestedBy(AttestationKeys.pinned(ring.published()))
                .clock(clock);
    }

    private ServerHarness second(HintTrust trust) throws IOException {
        return ServerHarness.open(builder -> builder.egress(pools()).trustHints(trust));
    }

    private static EgressSelector pools() {
        try {
            List<EgressPool> pools = Geofeed.parse(new StringReader("""
                    192.0.2.1/32,DK,,Copenhagen,,u3but
                    192.0.2.2/32,DE,,Berlin,,u33dc
                    192.0.2.9/32
                    """));
            return EgressSelector.builder().pools(pools).build();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The answer of the first hop to a client at an address, who wants a tunnel to another. */
    private ClientStream answer(String client, String nextHop) {
        int before = first.targets.attempts.size();
        ClientStream stream = first.newClient(client).request(RequestHead.connect(nextHop, HeaderFields.empty()));
        first.resolves(nextHop.substring(0, nextHop.indexOf(':')), "93.184.216.34");
        first.targets.attempt(before).succeed();
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    private String attestation(String client) {
        return answer(client, B).field("geohash-attestation");
    }

    private static byte[] decode(String field) {
        return Base64.getDecoder().decode(field.substring(1, field.length() - 1));
    }

    private static String changed(String field, Consumer<byte[]> change) {
        byte[] bytes = decode(field);
        change.accept(bytes);
        return ':' + Base64.getEncoder().encodeToString(bytes) + ':';
    }

    private record Outcome(String source, Optional<String> details) {}

    /** Where a tunnel of the second hop leaves from, and what it says of it. */
    private Outcome egress(HintTrust trust, String... fields) throws IOException {
        try (ServerHarness second = second(trust)) {
            return egress(second, fields);
        }
    }

    private static Outcome egress(ServerHarness second, String... fields) {
        int before = second.targets.attempts.size();
        ClientStream client = second.connect("93.184.216.34:443", fields);
        Targets.Attempt attempt = second.targets.attempt(before);
        String source = String.valueOf(attempt.dial().options().source()).replace("/", "");
        attempt.succeed();
        assertThat(client.status()).isEqualTo(200);
        return new Outcome(source, client.proxyStatus().details());
    }

    private static Outcome refused(String why) {
        return new Outcome(OTHERS, Optional.of("geohash attestation is " + why + ", the hint was ignored"));
    }

    @Test
    void theAnswerCarriesAnAttestationMadeOutToTheTarget() throws IOException {
        GeoAttestation attestation = GeoAttestation.parse(attestation("198.51.100.7"));
        assertThat(attestation.hint()).isEqualTo(GeoHint.of("u3bux", "DK"));
        assertThat(attestation.audience()).isEqualTo(B);
        assertThat(attestation.keyId()).isEqualTo(key.id());
    }

    @Test
    void udpTunnelsCarryOneToo() throws IOException {
        ClientStream stream = first.connectUdp("93.184.216.34", 443);
        first.targets.udpAttempts.get(0).succeed();
        assertThat(GeoAttestation.parse(stream.field("geohash-attestation")).audience())
                .isEqualTo("93.184.216.34:443");
    }

    @Test
    void clientsOfOneCellCannotBeToldApart() {
        ClientStream one = answer("198.51.100.7", B);
        clock.advance(Duration.ofMinutes(30));
        ClientStream other = answer("198.51.100.8", B);
        assertThat(other.field("geohash-attestation")).isEqualTo(one.field("geohash-attestation"));
        assertThat(withoutTiming(other)).isEqualTo(withoutTiming(one));
        assertThat(attestation("198.51.100.9")).isNotEqualTo(one.field("geohash-attestation"));
    }

    private static List<HeaderFields.Field> withoutTiming(ClientStream stream) {
        List<HeaderFields.Field> fields = new ArrayList<>();
        stream.response().fields().forEach(fields::add);
        fields.removeIf(field -> field.name().equals("server-timing"));
        return fields;
    }

    @Test
    void aClientWhosePlaceIsNotKnownGetsNone() {
        assertThat(answer("203.0.113.5", B).response().fields().contains("geohash-attestation"))
                .isFalse();
        assertThat(answer("198.51.100.66", B).response().fields().contains("geohash-attestation"))
                .isFalse();
    }

    @Test
    void onlyNamedNextHopsAreAttestedTo() {
        LocationAttestations attestations = LocationAttestations.builder(ring, locator)
                .audience(dev.masque.core.Target.of("b.example", 443))
                .build();
        assertThat(attestations.attest(
                        dev.masque.core.Target.of("198.51.100.7", 1).address().orElseThrow(),
                        dev.masque.core.Target.of("c.example", 443)))
                .isEmpty();
    }

    @Test
    void whatIsAttestedChoosesTheEgress() throws IOException {
        String field = attestation("198.51.100.7");
        assertThat(egress(trust().build(), "sec-ch-geohash", "u3bux-DK", "geohash-attestation", field))
                .isEqualTo(new Outcome(COPENHAGEN, Optional.empty()));
        assertThat(egress(trust().build(), "geohash-attestation", field).source())
                .isEqualTo(COPENHAGEN);
        assertThat(egress(trust().build(), "sec-ch-geohash", "DK", "geohash-attestation", field)
                        .source())
                .as("less than what is attested")
                .isEqualTo(COPENHAGEN);
    }

    @ParameterizedTest
    @CsvSource({"u33dc-DE", "u3bux-DE", "u33dc-DK", "u3bux0-DK", "DE"})
    void aHintThatIsNotAttestedIsRefused(String hint) throws IOException {
        assertThat(egress(trust().build(), "sec-ch-geohash", hint, "geohash-attestation", attestation("198.51.100.7")))
                .isEqualTo(refused("for another hint"));
    }

    /** version, key id (8), length of the cell and the cell (5), length of the country and the country, two times, audience */
    @ParameterizedTest
    @CsvSource({
        "14, 121, signed wrongly", // another cell
        "17, 69, signed wrongly", // another country: DE
        "25, 1, signed wrongly", // another beginning
        "33, 1, signed wrongly", // another end
        "36, 120, for another audience",
        "8, 1, of an unknown key",
        "-1, 1, signed wrongly",
    })
    void whateverIsChangedIsRefused(int at, byte value, String why) throws IOException {
        String field = changed(attestation("198.51.100.7"), bytes -> {
            int index = at < 0 ? bytes.length + at : at;
            bytes[index] = bytes[index] == value ? (byte) (value + 1) : value;
        });
        GeoAttestation parsed = GeoAttestation.parse(field);
        Outcome outcome =
                egress(trust().build(), "sec-ch-geohash", parsed.hint().format(), "geohash-attestation", field);
        assertThat(outcome.source()).isEqualTo(OTHERS);
        assertThat(outcome.details().orElseThrow())
                .isIn(
                        "geohash attestation is " + why + ", the hint was ignored",
                        "geohash attestation is valid for too long, the hint was ignored",
                        "geohash attestation is not valid yet, the hint was ignored");
    }

    @Test
    void theWindowEnds() throws IOException {
        String field = attestation("198.51.100.7");
        clock.advance(Duration.ofHours(2));
        assertThat(egress(trust().build(), "geohash-attestation", field)).isEqualTo(refused("expired"));
        clock.advance(Duration.ofHours(-4));
        assertThat(egress(trust().build(), "geohash-attestation", field)).isEqualTo(refused("not valid yet"));
    }

    @Test
    void anotherHopsAttestationIsRefused() throws IOException {
        String field = answer("198.51.100.7", "c.example:443").field("geohash-attestation");
        assertThat(egress(trust().build(), "geohash-attestation", field)).isEqualTo(refused("for another audience"));
    }

    @Test
    void anotherFirstHopsKeyIsRefused() throws IOException {
        GeoKeySet others = GeoKeySet.of(List.of(GeoSigningKey.generate().publicKey()));
        HintTrust trust = HintTrust.builder()
                .audience(B)
                .attestedBy(AttestationKeys.pinned(others))
                .clock(clock)
                .build();
        assertThat(egress(trust, "geohash-attestation", attestation("198.51.100.7")))
                .isEqualTo(refused("of an unknown key"));
    }

    @Test
    void oneOfSeveralFirstHopsIsEnough() throws IOException {
        GeoKeySet others = GeoKeySet.of(List.of(GeoSigningKey.generate().publicKey()));
        HintTrust trust = trust().attestedBy(AttestationKeys.pinned(others)).build();
        assertThat(egress(trust, "geohash-attestation", attestation("198.51.100.7"))
                        .source())
                .isEqualTo(COPENHAGEN);
    }

    @ParameterizedTest
    @CsvSource({"::", ":AAAA:", "u3bux-DK", "''"})
    void whatIsNoAttestationIsRefused(String field) throws IOException {
        assertThat(egress(trust().build(), "sec-ch-geohash", "u3bux-DK", "geohash-attestation", field))
                .isEqualTo(refused("malformed"));
    }

    @Test
    void twoAttestationsAreNone() throws IOException {
        String field = attestation("198.51.100.7");
        assertThat(egress(trust().build(), "geohash-attestation", field, "geohash-attestation", field))
                .isEqualTo(refused("malformed"));
    }

    @Test
    void aHintWithoutAttestationIsIgnored() throws IOException {
        assertThat(egress(trust().build(), "sec-ch-geohash", "u3bux-DK"))
                .isEqualTo(new Outcome(OTHERS, Optional.of("geohash hint is not attested and was ignored")));
        assertThat(egress(trust().build())).isEqualTo(new Outcome(OTHERS, Optional.empty()));
    }

    @Test
    void whereAnyoneIsTrustedTheHintIsEnough() throws IOException {
        assertThat(egress(HintTrust.anyone(), "sec-ch-geohash", "u33dc-DE").source())
                .isEqualTo(BERLIN);
    }

    @Test
    void aProxyThatHasAuthenticatedItselfIsBelieved() throws IOException {
        HintTrust trust = trust().proxies(principal -> principal.name().equals("a.example"))
                .build();
        try (ServerHarness second = new ServerHarness(builder -> builder.egress(pools())
                .trustHints(trust)
                .authenticate(Authenticators.preshared(Map.of("a.example", "aaaa", "someone", "bbbb"))))) {
            assertThat(egress(second, "proxy-authorization", "Preshared aaaa", "sec-ch-geohash", "u33dc-DE")
                            .source())
                    .isEqualTo(BERLIN);
            assertThat(egress(second, "proxy-authorization", "Preshared bbbb", "sec-ch-geohash", "u33dc-DE")
                            .details())
                    .contains("geohash hint is not attested and was ignored");
        }
    }

    @Test
    void withoutEgressPoolsNobodyLooksAtHints() {
        try (ServerHarness proxy = ServerHarness.open()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", "nonsense");
            proxy.targets.attempt(0).succeed();
            assertThat(client.field("proxy-status")).isEqualTo("masque-proxy");
        }
    }

    @Test
    void theKeysArePublished() throws IOException {
        ClientStream stream = first.session()
                .request(new RequestHead(
                        "GET", "https", "proxy.example", GeoKeySet.WELL_KNOWN, null, HeaderFields.empty()));
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.field("content-type")).isEqualTo(GeoKeySet.MEDIA_TYPE);
        assertThat(GeoKeySet.parse(stream.text()).keyIds()).containsExactly(key.id());
        assertThat(stream.text().getBytes(StandardCharsets.US_ASCII).length).isLessThan(200);
    }

    @Test
    void theKeysAreReadOnly() {
        ClientStream stream = first.session()
                .request(new RequestHead(
                        "POST", "https", "proxy.example", GeoKeySet.WELL_KNOWN, null, HeaderFields.empty()));
        assertThat(stream.status()).isEqualTo(405);
        assertThat(stream.field("allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void anAudienceIsNeeded() {
        assertThatThrownBy(() -> HintTrust.builder()
                        .attestedBy(AttestationKeys.pinned(ring.published()))
                        .build())
                .isInstanceOf(IllegalStateException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> trust().audience("b.example"));
    }

    @Test
    void noEventNamesAClient() {
        answer("198.51.100.7", B);
        assertThat(first.events.all.toString()).isNotEmpty().doesNotContain("198.51.100");
    }
}
