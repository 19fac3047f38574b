package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.masque.client.fake.FakeProxy;
import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.spi.HttpSession;
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
    private final FakeProxy quic = new FakeProxy(HttpVersion.HTTP_3);
    private final FakeProxy tcp = new FakeProxy(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);

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
        quic.onConnect = (self, attempt) -> FakeProxy.refused();

        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(tcp.connects.get(0).versions()).containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
    }

    @Test
    void aBlockedNetworkCostsTheHeadStartOnly() throws Exception {
        quic.onConnect = (self, attempt) -> new CompletableFuture<>();

        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
    }

    @Test
    void aFailureOfHttp3DoesNotWaitForTheHeadStart() throws Exception {
        client = racing(LONG);
        quic.onConnect = (self, attempt) -> FakeProxy.refused();

        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
    }

    @Test
    void http3IsLeftOutForAWhileAfterItFailed() throws Exception {
        quic.onConnect = (self, attempt) -> FakeProxy.refused();
        version();
        tcp.sessions.get(0).breaks();
        until(() -> tcp.sessions.get(0).over);
        version();

        assertThat(quic.connects).hasSize(1);
        assertThat(tcp.connects).hasSize(2);
    }

    @Test
    void http3IsTriedAgainLaterBesideASessionThatWorks() throws Exception {
        quic.onConnect = (self, attempt) -> FakeProxy.refused();
        version();
        quic.onConnect = FakeProxy::accept;
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(2)));
        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
        until(() -> quic.sessions.size() == 1);

        until(() -> version() == HttpVersion.HTTP_3);
        assertThat(tcp.connects).hasSize(1);
    }

    @Test
    void eachFailureOfHttp3DoublesThePause() throws Exception {
        quic.onConnect = (self, attempt) -> FakeProxy.refused();
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
        CompletableFuture<HttpSession> slow = new CompletableFuture<>();
        CompletableFuture<FakeProxy.Attempt> attempt = new CompletableFuture<>();
        quic.onConnect = (self, given) -> {
            attempt.complete(given);
            return slow;
        };
        assertThat(version()).isEqualTo(HttpVersion.HTTP_2);
        quic.accept(attempt.join()).thenAccept(slow::complete);

        until(() -> version() == HttpVersion.HTTP_3);
        assertThat(quic.connects).hasSize(1);
    }

    @Test
    void theLoserOfTheRaceIsStopped() throws Exception {
        CompletableFuture<HttpSession> never = new CompletableFuture<>();
        CompletableFuture<FakeProxy.Attempt> attempt = new CompletableFuture<>();
        CompletableFuture<HttpSession> first = new CompletableFuture<>();
        quic.onConnect = (self, given) -> {
            attempt.complete(given);
            return first;
        };
        tcp.onConnect = (self, given) -> {
            quic.accept(attempt.join()).thenAccept(first::complete);
            return never;
        };

        assertThat(version()).isEqualTo(HttpVersion.HTTP_3);
        until(never::isCancelled);
    }

    @Test
    void whenAllFailTheReasonIsThatOfTlsIfThereIsOne() {
        quic.onConnect = (self, attempt) -> CompletableFuture.failedFuture(
                new NextHopException(ProxyErrorType.TLS_CERTIFICATE_ERROR, "not trusted", null));
        tcp.onConnect = (self, attempt) -> FakeProxy.refused();

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
        quic.onConnect = (self, attempt) -> FakeProxy.refused();
        assertThatExceptionOfType(TunnelException.class).isThrownBy(this::version);
        quic.onConnect = FakeProxy::accept;
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
        tcp.onConnect = (self, attempt) ->
                attempt.address() instanceof Inet6Address ? FakeProxy.refused() : self.accept(attempt);
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
        CompletableFuture<HttpSession> never = new CompletableFuture<>();
        tcp.onConnect = (self, attempt) -> attempt.address() instanceof Inet6Address ? never : self.accept(attempt);
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
