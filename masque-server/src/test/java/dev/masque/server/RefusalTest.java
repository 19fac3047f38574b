package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ResetReason;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.AuthenticationChecked.Outcome;
import dev.masque.server.event.RequestAnswered;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
    private static ServerHarness proxy(ResponseProfile profile) {
        return ServerHarness.open(builder -> builder.responseProfile(profile));
    }

    private static void refused(ClientStream client, int status, ProxyErrorType error) {
        assertThat(client.status()).isEqualTo(status);
        assertThat(client.error()).isEqualTo(error);
        assertThat(client.proxyStatus().identifier()).isEqualTo("masque-proxy");
        assertThat(client.proxyStatus().details()).isPresent();
        assertThat(client.field("server-timing")).startsWith("proxy;dur=");
        assertThat(client.field("content-length")).isEqualTo("0");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void aWrongKeyIs403InThePrivacyProxyProfile() {
        try (ServerHarness proxy = ServerHarness.withKey(ResponseProfile.PRIVACY_PROXY)) {
            refused(proxy.connectWithKey("93.184.216.34:443", "wrong"), 403, ProxyErrorType.HTTP_REQUEST_DENIED);
            refused(proxy.connect("93.184.216.34:443"), 403, ProxyErrorType.HTTP_REQUEST_DENIED);
            refused(
                    proxy.connect("93.184.216.34:443", "proxy-authorization", "Basic abc"),
                    403,
                    ProxyErrorType.HTTP_REQUEST_DENIED);
            assertThat(proxy.targets.attempts).isEmpty();
            assertThat(proxy.events.of(AuthenticationChecked.class))
                    .extracting(AuthenticationChecked::outcome)
                    .containsExactly(Outcome.REJECTED, Outcome.ABSENT, Outcome.ABSENT);
        }
    }

    @Test
    void aMissingKeyIs407WithAChallengeInTheRfcProfile() {
        try (ServerHarness proxy = ServerHarness.withKey(ResponseProfile.RFC)) {
            ClientStream client = proxy.connect("93.184.216.34:443");
            refused(client, 407, ProxyErrorType.HTTP_REQUEST_DENIED);
            assertThat(client.field("proxy-authenticate")).isEqualTo("Preshared");
        }
    }

    @Test
    void aMissingKeyOnATemplatedRequestIs401WithAChallengeInTheRfcProfile() {
        try (ServerHarness proxy = ServerHarness.withKey(ResponseProfile.RFC)) {
            ClientStream client = proxy.connectUdp("93.184.216.34", 443);
            refused(client, 401, ProxyErrorType.HTTP_REQUEST_DENIED);
            assertThat(client.field("www-authenticate")).isEqualTo("Preshared");
        }
    }

    @Test
    void theRightKeyIsAccepted() {
        try (ServerHarness proxy = ServerHarness.withKey(ResponseProfile.PRIVACY_PROXY)) {
            ClientStream tcp = proxy.connectWithKey("93.184.216.34:443", ServerHarness.KEY);
            proxy.targets.attempt(0).succeed();
            assertThat(tcp.status()).isEqualTo(200);
            ClientStream udp =
                    proxy.connectUdp("93.184.216.34", 443, "proxy-authorization", "preshared " + ServerHarness.KEY);
            proxy.targets.udpAttempts.get(0).succeed();
            assertThat(udp.status()).isEqualTo(200);
            ClientStream asOrigin =
                    proxy.connectUdp("93.184.216.34", 443, "authorization", "Preshared " + ServerHarness.KEY);
            proxy.targets.udpAttempts.get(1).succeed();
            assertThat(asOrigin.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "example.com",
                ":443",
                "example.com:",
                "example.com:0",
                "example.com:65536",
                "example.com:+1",
                "user@example.com:443",
                "user:pass@example.com:443",
                "[fe80::1%25eth0]:443",
                "::1:443",
                "[::1:443",
                "2130706433:80",
                "0x7f.1:80",
                "127.1:80",
                "0177.0.0.1:80",
                "a b:443",
                "a/b:443",
                "[example.com]:443",
                "example..com:443"
            })
    void aMalformedAuthorityIs400BeforeAnythingElse(String authority) {
        try (ServerHarness proxy = ServerHarness.withKey(ResponseProfile.PRIVACY_PROXY)) {
            refused(proxy.connect(authority), 400, ProxyErrorType.HTTP_REQUEST_ERROR);
        }
    }

    @Test
    void aRequestWithContentIs400() {
        try (ServerHarness proxy = ServerHarness.open()) {
            refused(proxy.connect("93.184.216.34:443", "content-length", "5"), 400, ProxyErrorType.HTTP_REQUEST_ERROR);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"content-length", "content-type", "transfer-encoding"})
    void aTemplatedRequestWithContentIs400(String name) {
        try (ServerHarness proxy = ServerHarness.open()) {
            refused(proxy.connectUdp("93.184.216.34", 443, name, "0"), 400, ProxyErrorType.HTTP_REQUEST_ERROR);
        }
    }

    @Test
    void anAttemptThatNeverEndsIsATimeOut() {
        try (ServerHarness proxy = proxy(ResponseProfile.RFC)) {
            ClientStream client = proxy.connect("93.184.216.34:443");
            proxy.timer.advance(Duration.ofSeconds(10));
            refused(client, 504, ProxyErrorType.CONNECTION_TIMEOUT);
            assertThat(proxy.targets.attempt(0).dial().isOpen()).isFalse();
        }
    }

    @Test
    void aConnectionThatStandsAfterTheTimeOutIsReset() {
        try (ServerHarness proxy = ServerHarness.openLate()) {
            ClientStream client = proxy.connect("93.184.216.34:443");
            proxy.timer.advance(Duration.ofSeconds(10));
            refused(client, 502, ProxyErrorType.CONNECTION_TIMEOUT);
            assertThat(proxy.targets.attempt(0).succeed().failure()).isNotNull();
        }
    }

    @Test
    void aClientThatResetsAtOnceMakesNoWork() {
        CompletableFuture<dev.masque.server.auth.AuthenticationResult> slow = new CompletableFuture<>();
        try (ServerHarness proxy = new ServerHarness(builder -> builder.authenticate(request -> slow))) {
            proxy.connect("a.example:443").reset(ResetReason.CANCEL);
            slow.complete(
                    new dev.masque.server.auth.AuthenticationResult.Accepted(dev.masque.server.auth.Principal.ANYONE));
            assertThat(proxy.targets.asked).isEmpty();
            assertThat(proxy.targets.attempts).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}: {1} or {2}")
    @CsvSource({
        "CONNECTION_REFUSED, 502, 502",
        "CONNECTION_TIMEOUT, 502, 504",
        "DESTINATION_IP_UNROUTABLE, 502, 502",
        "DESTINATION_UNAVAILABLE, 503, 503",
        "CONNECTION_TERMINATED, 502, 502",
        "SOURCE_ADDR_IN_USE, 503, 503",
        "SOURCE_ADDR_NOT_AVAILABLE, 503, 503",
        "PROXY_INTERNAL_ERROR, 503, 500",
    })
    void aTargetThatCannotBeReachedIsToldInBothProfiles(ProxyErrorType type, int privacy, int rfc) {
        for (ResponseProfile profile : ResponseProfile.values()) {
            try (ServerHarness proxy = proxy(profile)) {
                ClientStream client = proxy.connect("93.184.216.34:443");
                proxy.targets.attempt(0).fail(type);
                refused(client, profile == ResponseProfile.RFC ? rfc : privacy, type);
                assertThat(client.proxyStatus().format()).doesNotContain("10.1.2.3");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatDoesNotExistIsToldWithItsRcode(ResponseProfile profile) {
        try (ServerHarness proxy = proxy(profile)) {
            ClientStream client = proxy.connect("nowhere.example:443");
            proxy.failsToResolve(
                    "nowhere.example",
                    new NextHopException(ProxyErrorType.DNS_ERROR, "NXDOMAIN", "nowhere.example", null));
            refused(client, 502, ProxyErrorType.DNS_ERROR);
            assertThat(client.proxyStatus().rcode()).contains("NXDOMAIN");
            assertThat(client.proxyStatus().format()).doesNotContain("nowhere");
        }
    }

    @Test
    void aNameServerThatDoesNotAnswerIsATimeOut() {
        try (ServerHarness proxy = proxy(ResponseProfile.RFC)) {
            ClientStream client = proxy.connect("slow.example:443");
            proxy.timer.advance(Duration.ofMillis(4_999));
            assertThat(client.isAnswered()).isFalse();
            proxy.timer.advance(Duration.ofMillis(1));
            refused(client, 504, ProxyErrorType.DNS_TIMEOUT);
            assertThat(proxy.targets.names.get("slow.example")).isCancelled();
        }
    }

    @Test
    void aResolverThatBreaksIsAnInternalError() {
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.resolver(name -> {
            throw new IllegalStateException("secret text");
        }))) {
            ClientStream client = proxy.connect("a.example:443");
            refused(client, 503, ProxyErrorType.PROXY_INTERNAL_ERROR);
            assertThat(client.proxyStatus().format()).doesNotContain("secret");
        }
    }

    @Test
    void aNameWithoutAddressIsADnsError() {
        try (ServerHarness proxy = ServerHarness.open()) {
            ClientStream client = proxy.connect("empty.example:443");
            proxy.resolves("empty.example");
            refused(client, 502, ProxyErrorType.DNS_ERROR);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:93.184.216.34]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[2001::1]",
                "[fd00::1]",
                "[fe80::1]",
                "224.0.0.1",
                "0.0.0.0"
            })
    void aForbiddenAddressIs403ForTcpAndUdp(String host) {
        try (ServerHarness proxy = ServerHarness.open()) {
            refused(proxy.connect(host + ":80"), 403, ProxyErrorType.DESTINATION_IP_PROHIBITED);
            refused(proxy.connectUdp(host, 80), 403, ProxyErrorType.DESTINATION_IP_PROHIBITED);
            assertThat(proxy.targets.attempts).isEmpty();
            assertThat(proxy.targets.udpAttempts).isEmpty();
        }
    }

    @Test
    void aForbiddenAddressHasTheStatusOfRfc9209InTheRfcProfile() {
        try (ServerHarness proxy = proxy(ResponseProfile.RFC)) {
            refused(proxy.connect("10.0.0.1:80"), 502, ProxyErrorType.DESTINATION_IP_PROHIBITED);
        }
    }

    @Test
    void aNameThatResolvesToAForbiddenAddressIs403() {
        try (ServerHarness proxy = ServerHarness.open()) {
            ClientStream client = proxy.connect("rebind.example:80");
            proxy.resolves("rebind.example", "127.0.0.1", "::1");
            refused(client, 403, ProxyErrorType.DESTINATION_IP_PROHIBITED);
        }
    }

    @Test
    void onlyTheAllowedAddressesOfANameAreDialled() {
        try (ServerHarness proxy = ServerHarness.open()) {
            proxy.connect("mixed.example:80");
            proxy.resolves("mixed.example", "10.0.0.1", "93.184.216.34", "fd00::1");
            proxy.timer.advance(Duration.ofSeconds(1));
            assertThat(proxy.targets.attempts)
                    .extracting(attempt -> attempt.dial().target().getAddress().getHostAddress())
                    .containsExactly("93.184.216.34");
        }
    }

    @Test
    void aDeniedNameIs403WithoutAskingTheDns() {
        try (ServerHarness proxy =
                ServerHarness.open(AccessPolicy.builder().deny("*.bad.example").build())) {
            refused(proxy.connect("www.bad.example:80"), 403, ProxyErrorType.HTTP_REQUEST_DENIED);
            assertThat(proxy.targets.asked).isEmpty();
        }
    }

    @Test
    void theProxyItselfIsALoop() {
        AccessPolicy open = AccessPolicy.builder().allow("127.0.0.0/8").build();
        try (ServerHarness proxy = ServerHarness.open(open)) {
            refused(proxy.connect("127.0.0.1:443"), 502, ProxyErrorType.PROXY_LOOP_DETECTED);
            refused(proxy.connectUdp("127.0.0.1", 443), 502, ProxyErrorType.PROXY_LOOP_DETECTED);
            ClientStream named = proxy.connect("localhost.example:443");
            proxy.resolves("localhost.example", "127.0.0.1");
            refused(named, 502, ProxyErrorType.PROXY_LOOP_DETECTED);
            proxy.connect("127.0.0.1:444");
            assertThat(proxy.targets.attempts).hasSize(1);
        }
    }

    @Test
    void anAdvertisedAddressIsALoopToo() {
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.reachedThrough(new java.net.InetSocketAddress(
                dev.masque.core.Target.of("93.184.216.34", 1).address().orElseThrow(), 8443)))) {
            refused(proxy.connect("93.184.216.34:8443"), 502, ProxyErrorType.PROXY_LOOP_DETECTED);
        }
    }

    @Test
    void everyAnswerIsAnEvent() {
        try (ServerHarness proxy = ServerHarness.open()) {
            proxy.connect("10.0.0.1:80");
            RequestAnswered event = proxy.events.of(RequestAnswered.class).get(0);
            assertThat(event.status()).isEqualTo(403);
            assertThat(event.error()).contains(ProxyErrorType.DESTINATION_IP_PROHIBITED);
        }
    }

    @Test
    void aRefusedStreamThatTheClientKeepsOpenIsResetAfterAWhile() {
        try (ServerHarness proxy = ServerHarness.open()) {
            ClientStream patient = proxy.connect("10.0.0.1:80");
            ClientStream polite = proxy.connect("10.0.0.1:80");
            polite.end();
            proxy.timer.advance(Duration.ofSeconds(12));
            assertThat(patient.failure()).isEqualTo(ResetReason.NO_ERROR);
            assertThat(polite.failure()).isNull();
        }
    }

    @Test
    void timeOfNamesAndConnectionsIsNotTheProxys() {
        try (ServerHarness proxy = ServerHarness.open(MasqueServerBuilder::detailedTiming)) {
            ClientStream client = proxy.connect("slow.example:443");
            proxy.timer.advance(Duration.ofMillis(40));
            proxy.resolves("slow.example", "93.184.216.34");
            proxy.timer.advance(Duration.ofMillis(70));
            Targets.Attempt attempt = proxy.targets.attempt(0);
            attempt.succeed();
            assertThat(client.field("server-timing")).isEqualTo("proxy;dur=0.0, dns;dur=40.0, connect;dur=70.0");
        }
    }

    @Test
    void anAuthenticatorThatBreaksOrHangsRefusesWith503() {
        for (CompletableFuture<dev.masque.server.auth.AuthenticationResult> broken :
                java.util.List.<CompletableFuture<dev.masque.server.auth.AuthenticationResult>>of(
                        CompletableFuture.failedFuture(new IllegalStateException("store is down")),
                        new CompletableFuture<>())) {
            try (ServerHarness proxy = new ServerHarness(builder -> builder.authenticate(request -> broken))) {
                ClientStream client = proxy.connect("93.184.216.34:443");
                proxy.timer.advance(Duration.ofSeconds(6));
                refused(client, 503, ProxyErrorType.PROXY_INTERNAL_ERROR);
                assertThat(client.field("retry-after")).isEqualTo("1");
            }
        }
    }
}
