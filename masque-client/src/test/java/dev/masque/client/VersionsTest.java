package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.spi.Resolver;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VersionsTest {
    private static final Target TARGET = Target.of("example.com", 443);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));

    @AutoClose
    private final ScriptedProxy quic = new ScriptedProxy(HttpVersion.HTTP_3);

    @AutoClose
    private final ScriptedProxy tcp = new ScriptedProxy(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);

    @AutoClose
    private MasqueClient client = racing(Duration.ofMillis(30));

    private MasqueClient racing(Duration headStart) {
        return Clients.to(quic, tcp).headStart(headStart).clock(now::get).build();
    }

    private HttpVersion version() throws Exception {
        try (TcpTunnel tunnel = client.openTcp(TARGET)) {
            return tunnel.version();
        }
    }

    @Test
    void http3IsFirstAndAloneIfItWorks() throws Exception {
        client = racing(LONG);

        assertThat(version()).isEqualTo(HttpVersion.HTTP_3);
        assertThat(tcp.connects).isEmpty();
    }

    @Test
    void bothVersionsOverTcpAreOfferedInOneHandshake() throws Exception {
        quic.onConnect = attempt -> ScriptedProxy.refused();

        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(tcp.connects.get(0).versions()).containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
    }

    @Test
    void aBlockedNetworkCostsTheHeadStartOnly() throws Exception {
        quic.onConnect = attempt -> new CompletableFuture<>();

        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
    }

    @Test
    void aFailureOfHttp3DoesNotWaitForTheHeadStart() throws Exception {
        client = racing(LONG);
        quic.onConnect = attempt -> ScriptedProxy.refused();

        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
    }

    @Test
    void http3IsLeftOutForAWhileAfterItFailed() throws Exception {
        quic.onConnect = attempt -> ScriptedProxy.refused();
        try (TcpTunnel tunnel = client.openTcp(TARGET)) {
            tcp.sessions.get(0).breaks();
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.inputStream().read());
        }
        version();

        assertThat(quic.connects).hasSize(1);
        assertThat(tcp.connects).hasSize(2);
    }

    @Test
    void http3IsTriedAgainLaterBesideASessionThatWorks() throws Exception {
        quic.onConnect = attempt -> ScriptedProxy.refused();
        version();
        quic.onConnect = attempt -> ScriptedProxy.reached();
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(2)));
        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
        until(() -> quic.sessions.size() == 1);

        until(() -> version() == HttpVersion.HTTP_3);
        assertThat(tcp.connects).hasSize(1);
    }

    @Test
    void eachFailureOfHttp3DoublesThePause() throws Exception {
        quic.onConnect = attempt -> ScriptedProxy.refused();
        version();
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(61)));
        version();
        until(() -> quic.connects.size() == 2);
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(59)));
        version();
        assertThat(quic.connects).hasSize(2);
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(62)));
        version();

        until(() -> quic.connects.size() == 3);
    }

    @Test
    void http3ThatIsOnlySlowIsUsedWhenItStands() throws Exception {
        CompletableFuture<Boolean> slow = new CompletableFuture<>();
        quic.onConnect = attempt -> slow;
        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
        slow.complete(true);

        until(() -> version() == HttpVersion.HTTP_3);
        assertThat(quic.connects).hasSize(1);
    }

    @Test
    void theLoserOfTheRaceIsStopped() throws Exception {
        CompletableFuture<Boolean> never = new CompletableFuture<>();
        CompletableFuture<Boolean> first = new CompletableFuture<>();
        quic.onConnect = attempt -> first;
        tcp.onConnect = attempt -> {
            first.complete(true);
            return never;
        };

        assertThat(version()).isEqualTo(HttpVersion.HTTP_3);
        until(never::isCancelled);
    }

    @Test
    void whenAllFailTheReasonIsThatOfTlsIfThereIsOne() {
        quic.onConnect = attempt -> ScriptedProxy.failing(ProxyErrorType.TLS_CERTIFICATE_ERROR);
        tcp.onConnect = attempt -> ScriptedProxy.refused();

        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(this::version)
                .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.TLS));
    }

    @Test
    void theOnlyVersionIsNeverLeftOut() throws Exception {
        client = Clients.to(quic, tcp)
                .versions(HttpVersion.HTTP_3)
                .clock(now::get)
                .build();
        quic.onConnect = attempt -> ScriptedProxy.refused();
        assertThatExceptionOfType(TunnelException.class).isThrownBy(this::version);
        quic.onConnect = attempt -> ScriptedProxy.reached();
        now.updateAndGet(time -> time.plusSeconds(1));

        assertThat(version()).isEqualTo(HttpVersion.HTTP_3);
        assertThat(tcp.connects).isEmpty();
    }

    @Test
    void aVersionThatIsAskedForNeedsATransport() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Clients.to(tcp).versions(HttpVersion.HTTP_3).build())
                .withMessageContaining("h3")
                .withMessageContaining("masque-kwik");
    }

    @Test
    void addressesAreTriedInTurnsIpv6First() throws Exception {
        InetAddress four = InetAddress.getByName("192.0.2.1");
        InetAddress six = InetAddress.getByName("2001:db8::1");
        tcp.onConnect = attempt -> attempt.address().getAddress() instanceof Inet6Address
                ? ScriptedProxy.refused()
                : ScriptedProxy.reached();
        Resolver resolver = name -> CompletableFuture.completedFuture(List.of(four, six));
        client = Clients.to(tcp)
                .proxy("https://proxy.example:8443")
                .resolver(resolver)
                .build();
        version();

        assertThat(tcp.connects)
                .extracting(options -> options.address().getAddress())
                .containsExactly(six, four);
        assertThat(tcp.connects).allSatisfy(options -> {
            assertThat(options.address().getPort()).isEqualTo(8443);
            assertThat(options.serverName()).isEqualTo("proxy.example");
        });
    }

    @Test
    void aSlowAddressDoesNotHoldTheNextBack() throws Exception {
        InetAddress four = InetAddress.getByName("192.0.2.1");
        InetAddress six = InetAddress.getByName("2001:db8::1");
        CompletableFuture<Boolean> never = new CompletableFuture<>();
        tcp.onConnect =
                attempt -> attempt.address().getAddress() instanceof Inet6Address ? never : ScriptedProxy.reached();
        client = Clients.to(tcp)
                .proxy("https://proxy.example")
                .resolver(name -> CompletableFuture.completedFuture(List.of(six, four)))
                .build();
        version();

        until(never::isCancelled);
    }

    @Test
    void aProxyWithoutAddressIsAFailureToResolve() {
        client = Clients.to(tcp)
                .proxy("https://proxy.example")
                .resolver(name -> CompletableFuture.failedFuture(
                        new NextHopException(ProxyErrorType.DNS_ERROR, "no such name", null)))
                .build();

        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(this::version)
                .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.RESOLVE_PROXY));
    }
}
