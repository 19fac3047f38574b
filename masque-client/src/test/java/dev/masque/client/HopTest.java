package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.masque.client.event.ClientListener;
import dev.masque.client.event.ConnectFailed;
import dev.masque.client.event.SessionOpened;
import dev.masque.client.event.TunnelOpened;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.RequestHead;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoAttester;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoSigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HopTest {
    private static final Hop HOP_A = Hop.to("https://a.example")
            .credentials(Credentials.bearer("account"))
            .field("x-for-a", "1");
    private static final Hop HOP_B = Hop.to("https://b.example:8443")
            .credentials(Credentials.preshared("secret-of-b"))
            .geohash(GeoHint.of("xn76c", "JP"))
            .field("x-for-b", "2");

    /** The versions tell the two apart: HTTP/2 leads to one of them, HTTP/3 to the other. */
    @AutoClose
    private final ScriptedProxy http2 = new ScriptedProxy(HttpVersion.HTTP_2);

    @AutoClose
    private final ScriptedProxy http3 = new ScriptedProxy(HttpVersion.HTTP_3);

    private final List<Object> events = new CopyOnWriteArrayList<>();

    private MasqueClientBuilder builder() {
        return MasqueClient.builder()
                .transports(http2.provider, http3.provider)
                .resolver(name -> {
                    assertThat(name).isEqualTo("a.example");
                    return CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress()));
                })
                .connectTimeout(Duration.ofSeconds(10))
                .requestTimeout(Duration.ofSeconds(10))
                .listener(new ClientListener() {
                    @Override
                    public void sessionOpened(SessionOpened event) {
                        events.add(event);
                    }

                    @Override
                    public void connectFailed(ConnectFailed event) {
                        events.add(event);
                    }

                    @Override
                    public void tunnelOpened(TunnelOpened event) {
                        events.add(event);
                    }
                });
    }

    private MasqueClient client(HttpVersion outer, HttpVersion inner) {
        return builder().hop(HOP_A.versions(outer)).hop(HOP_B.versions(inner)).build();
    }

    private MasqueClient quicInTcp() {
        return client(HttpVersion.HTTP_2, HttpVersion.HTTP_3);
    }

    private static HttpVersion other(HttpVersion version) {
        return version == HttpVersion.HTTP_2 ? HttpVersion.HTTP_3 : HttpVersion.HTTP_2;
    }

    private ScriptedProxy over(HttpVersion version) {
        return version == HttpVersion.HTTP_2 ? http2 : http3;
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_2", "HTTP_3"})
    void eachProxySeesItsOwnAndNothingElse(HttpVersion outer) throws IOException {
        ScriptedProxy a = over(outer);
        ScriptedProxy b = over(other(outer));
        try (MasqueClient client = client(outer, other(outer));
                TcpTunnel tcp = client.openTcp("target.example", 443);
                UdpTunnel udp = client.openUdp("target.example", 53)) {
            assertThat(List.of(tcp.target().host(), udp.target().host())).containsOnly("target.example");
        }

        assertThat(a.streams).hasSize(1);
        String toA = all(a.streams.get(0).request());
        assertThat(toA)
                .contains("Bearer account", "x-for-a", "b.example")
                .doesNotContain("target.example", "secret-of-b", "x-for-b", "geohash");
        assertThat(b.streams).hasSize(2);
        for (ProxiedStream stream : b.streams) {
            assertThat(all(stream.request()))
                    .contains("Preshared secret-of-b", "x-for-b", "sec-ch-geohash: xn76c-JP", "target.example")
                    .doesNotContain("account", "x-for-a", "a.example");
        }
    }

    private static String all(RequestHead head) {
        StringBuilder text = new StringBuilder(head.method() + " " + head.authority() + " " + head.path());
        head.fields()
                .forEach(field ->
                        text.append('\n').append(field.name()).append(": ").append(field.value()));
        return text.toString();
    }

    @Test
    void theTunnelToTheNextHopIsOfTheKindThatItsVersionNeeds() throws IOException {
        try (MasqueClient client = quicInTcp();
                TcpTunnel tunnel = client.openTcp("target.example", 443)) {
            assertThat(tunnel.version()).isEqualTo(HttpVersion.HTTP_3);
        }
        assertThat(http2.streams.get(0).request().protocol()).isEqualTo("connect-udp");
        assertThat(http2.streams.get(0).request().path()).isEqualTo("/.well-known/masque/udp/b.example/8443/");
    }

    @Test
    void theAddressOfTheNextHopIsNotAskedForHere() throws IOException {
        try (MasqueClient client = quicInTcp();
                TcpTunnel tunnel = client.openTcp("target.example", 443)) {
            assertThat(tunnel.isClosed()).isFalse();
        }
        assertThat(http3.connects.get(0).address().isUnresolved()).isTrue();
        assertThat(http3.connects.get(0).serverName()).isEqualTo("b.example");
    }

    @Test
    void sessionsWithBothAreKeptAndMadeAgainSeparately() throws Exception {
        try (MasqueClient client = quicInTcp()) {
            client.openTcp("target.example", 443).close();
            client.openTcp("target.example", 443).close();
            http3.sessions.get(0).breaks();
            Waiting.until(() -> http3.sessions.get(0).over);
            client.openTcp("target.example", 443).close();
        }
        assertThat(http2.sessions).hasSize(1);
        assertThat(http2.streams).hasSize(2);
        assertThat(http3.sessions).hasSize(2);
    }

    @Test
    void theLossOfTheFirstTakesTheSecondWithIt() throws IOException {
        try (MasqueClient client = quicInTcp();
                TcpTunnel tunnel = client.openTcp("target.example", 443)) {
            http2.sessions.get(0).breaks();

            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.inputStream().read())
                    .matches(failure -> failure.hop() == 1);
            client.openTcp("target.example", 443).close();
        }
        assertThat(http2.sessions).hasSize(2);
        assertThat(http3.sessions).hasSize(2);
    }

    @Test
    void aRefusalOfTheFirstSaysSo() {
        http2.onRequest = stream -> stream.refuse(403, "proxy-status", "a; error=http_request_denied");
        try (MasqueClient client = quicInTcp()) {
            assertThatExceptionOfType(TunnelRefusedException.class)
                    .isThrownBy(() -> client.openTcp("target.example", 443))
                    .matches(failure -> failure.hop() == 1)
                    .matches(failure -> failure.status().orElse(0) == 403)
                    .withMessageStartingWith("hop 1 of 2: ");
        }
        assertThat(http3.sessions).isEmpty();
    }

    @Test
    void aRefusalOfTheSecondSaysSo() {
        http3.onRequest = stream -> stream.refuse(502, "proxy-status", "b; error=dns_error");
        try (MasqueClient client = quicInTcp()) {
            assertThatExceptionOfType(TunnelRefusedException.class)
                    .isThrownBy(() -> client.openTcp("target.example", 443))
                    .matches(failure -> failure.hop() == 2)
                    .matches(failure -> failure.proxyError().orElseThrow() == ProxyErrorType.DNS_ERROR)
                    .withMessageStartingWith("hop 2 of 2: ");
        }
    }

    @Test
    void credentialsThatTheFirstWantsAreOfTheFirst() {
        http2.onRequest = stream -> stream.refuse(407, "proxy-authenticate", "Bearer");
        try (MasqueClient client = quicInTcp()) {
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> client.openTcp("target.example", 443))
                    .matches(failure -> failure.hop() == 1);
        }
        assertThat(all(http2.streams.get(0).request())).doesNotContain("secret-of-b");
    }

    @Test
    void aSecondThatIsNotThereSaysSo() {
        http3.onConnect = options -> ScriptedProxy.refused();
        try (MasqueClient client = quicInTcp()) {
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> client.openTcp("target.example", 443))
                    .matches(failure -> failure.hop() == 2)
                    .matches(failure -> failure.step() == TunnelStep.CONNECT_PROXY);
        }
        assertThat(events).contains(new ConnectFailed(Optional.of(ProxyErrorType.CONNECTION_REFUSED), 1, 2));
    }

    @Test
    void whereQuicDoesNotGoThroughAnotherVersionIsTaken() throws IOException {
        try (MasqueClient client = builder()
                .hop(HOP_A.versions(HttpVersion.HTTP_3))
                .hop(HOP_B.versions(HttpVersion.HTTP_3, HttpVersion.HTTP_2))
                .build()) {
            http3.onRequest = stream -> { // no UDP through the first
                if (stream.request().usesCapsules()) {
                    stream.refuse(403);
                } else {
                    stream.accept();
                }
            };
            try (TcpTunnel tunnel = client.openTcp("target.example", 443)) {
                assertThat(tunnel.version()).isEqualTo(HttpVersion.HTTP_2);
            }
        }
        assertThat(http2.streams).hasSize(1);
    }

    @Test
    void onlyTheUsersTunnelsAreEvents() throws IOException {
        try (MasqueClient client = quicInTcp();
                TcpTunnel tunnel = client.openTcp("target.example", 443)) {
            assertThat(tunnel.isClosed()).isFalse();
        }
        assertThat(events.stream().filter(TunnelOpened.class::isInstance)).hasSize(1);
        assertThat(events.stream().filter(SessionOpened.class::isInstance).map(event -> ((SessionOpened) event).hop()))
                .containsExactly(1, 2);
    }

    @Test
    void aSettingOfAProxyBesideHopsIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder()
                        .hop(HOP_A)
                        .credentials(Credentials.preshared("whose?"))
                        .build());
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> builder().hop(HOP_A).proxy("https://c.example").build());
    }

    @Test
    void aHopDoesNotShowWhatIsShownToIt() {
        assertThat(HOP_B).hasToString("b.example:8443");
    }

    private List<String> attestationsAtB(Hop hopB, GeoAttestation attestation, InstantSource clock) throws IOException {
        http2.onRequest = stream -> stream.respond(200, GeoAttestation.NAME, attestation.format());
        try (MasqueClient client = builder()
                        .clock(clock)
                        .hop(HOP_A.versions(HttpVersion.HTTP_2))
                        .hop(hopB.versions(HttpVersion.HTTP_3))
                        .build();
                UdpTunnel tunnel = client.openUdp("target.example", 53)) {
            assertThat(tunnel.isClosed()).isFalse();
        }
        assertThat(http2.streams.get(0).request().fields().contains(GeoAttestation.NAME))
                .isFalse();
        return http3.streams.get(0).request().fields().all(GeoAttestation.NAME);
    }

    private static GeoAttestation attestation() {
        return GeoAttester.builder(GeoSigningKey.generate())
                .build()
                .attest(GeoHint.of("xn76c", "JP"), "b.example:8443");
    }

    @Test
    void whatTheFirstAttestsIsPassedOnToAHopWithAHint() throws IOException {
        GeoAttestation attestation = attestation();
        assertThat(attestationsAtB(HOP_B, attestation, InstantSource.system())).containsExactly(attestation.format());
    }

    @Test
    void whatTheFirstAttestsIsPassedOnToAHopThatIsToHaveIt() throws IOException {
        GeoAttestation attestation = attestation();
        Hop hop = Hop.to("https://b.example:8443").attestedLocation();
        assertThat(attestationsAtB(hop, attestation, InstantSource.system())).containsExactly(attestation.format());
    }

    @Test
    void whatTheFirstAttestsIsNotPassedOnToOthers() throws IOException {
        assertThat(attestationsAtB(Hop.to("https://b.example:8443"), attestation(), InstantSource.system()))
                .isEmpty();
    }

    @Test
    void anAttestationThatIsOverIsLeftOut() throws IOException {
        InstantSource later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(1)));
        assertThat(attestationsAtB(HOP_B, attestation(), later)).isEmpty();
    }

    /** Stands still until it is set. */
    private static final class Time implements InstantSource {
        private volatile Instant now = Instant.now();

        void set(Instant next) {
            now = next;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** Attests anew with each answer, as of the clock. */
    private List<String> attestedByA(Time now, AtomicBoolean alsoUdp) {
        List<String> attested = new CopyOnWriteArrayList<>();
        GeoAttester attester = GeoAttester.builder(GeoSigningKey.generate())
                .window(Duration.ofHours(1))
                .clock(Clock.fixed(now.instant(), ZoneOffset.UTC))
                .build();
        attested.add(
                attester.attest(GeoHint.of("xn76c", "JP"), "b.example:8443").format());
        http2.onRequest = stream -> {
            String last = attested.get(attested.size() - 1);
            if (http2.streams.size() > 1) {
                if (!alsoUdp.get() && !stream.request().isConnect()) {
                    stream.respond(403);
                    return;
                }
                GeoAttester later = GeoAttester.builder(GeoSigningKey.generate())
                        .window(Duration.ofHours(1))
                        .clock(Clock.fixed(now.instant(), ZoneOffset.UTC))
                        .build();
                last = later.attest(GeoHint.of("xn76c", "JP"), "b.example:8443").format();
                attested.add(last);
            }
            stream.respond(200, GeoAttestation.NAME, last);
        };
        return attested;
    }

    private String attestationOf(int request) {
        return String.valueOf(http3.streams.get(request).request().fields().first(GeoAttestation.NAME));
    }

    @ParameterizedTest(name = "by UDP: {0}")
    @ValueSource(booleans = {true, false})
    void anAttestationThatHasEndedIsRenewedBeforeTheNextTunnel(boolean udp) throws IOException {
        Time now = new Time();
        List<String> attested = attestedByA(now, new AtomicBoolean(udp));
        try (MasqueClient client = builder()
                        .clock(now)
                        .hop(HOP_A.versions(HttpVersion.HTTP_2))
                        .hop(HOP_B.versions(HttpVersion.HTTP_3))
                        .build();
                UdpTunnel before = client.openUdp("target.example", 53)) {
            now.set(now.instant().plus(Duration.ofHours(5)));
            try (TcpTunnel after = client.openTcp("target.example", 443);
                    TcpTunnel another = client.openTcp("other.example", 443)) {
                assertThat(List.of(
                                before.isClosed(),
                                after.asSocket().isClosed(),
                                another.asSocket().isClosed()))
                        .containsOnly(false);
            }
        }

        assertThat(attested).hasSize(2).doesNotHaveDuplicates();
        assertThat(List.of(attestationOf(0), attestationOf(1), attestationOf(2)))
                .containsExactly(attested.get(0), attested.get(1), attested.get(1));
        assertThat(http2.streams).hasSize(udp ? 2 : 3);
    }

    @Test
    void aHopThatAttestsNothingMoreIsNotAskedForEveryTunnel() throws IOException {
        Time now = new Time();
        attestedByA(now, new AtomicBoolean(true));
        try (MasqueClient client = builder()
                .clock(now)
                .hop(HOP_A.versions(HttpVersion.HTTP_2))
                .hop(HOP_B.versions(HttpVersion.HTTP_3))
                .build()) {
            client.openUdp("target.example", 53).close();
            http2.onRequest = stream -> stream.respond(403);
            now.set(now.instant().plus(Duration.ofHours(5)));
            for (int i = 0; i < 3; i++) {
                client.openTcp("target.example", 443).close();
            }
            int asked = http2.streams.size();
            now.set(now.instant().plus(Duration.ofMinutes(1)));
            client.openTcp("target.example", 443).close();

            assertThat(asked).isEqualTo(3); // the tunnel, and one question for UDP and for TCP
            assertThat(http2.streams).hasSize(5);
        }
        assertThat(attestationOf(1)).isEqualTo("null");
    }

    @Test
    void anAttestationThatEndsSoonIsRenewedMeanwhile() throws Exception {
        Time now = new Time();
        List<String> attested = attestedByA(now, new AtomicBoolean(true));
        try (MasqueClient client = builder()
                .clock(now)
                .hop(HOP_A.versions(HttpVersion.HTTP_2))
                .hop(HOP_B.versions(HttpVersion.HTTP_3))
                .build()) {
            client.openUdp("target.example", 53).close();
            now.set(GeoAttestation.parse(attested.get(0)).notAfter().minusSeconds(40));
            client.openUdp("target.example", 53).close();
            while (attested.size() < 2) {
                TimeUnit.MILLISECONDS.sleep(5); // bounded by the time-out of the test
            }
            now.set(now.instant().plusSeconds(60));
            client.openUdp("target.example", 53).close();
        }

        assertThat(List.of(attestationOf(0), attestationOf(1), attestationOf(2)))
                .startsWith(attested.get(0), attested.get(0))
                .endsWith(attested.get(1));
    }
}
