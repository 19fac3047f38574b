package dev.masque.client;

import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class OpeningTest {
    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    @AutoClose
    private MasqueClient client = Clients.to(proxy)
            .credentials(Credentials.preshared("secret"))
            .clock(() -> Instant.parse("2026-11-20T12:00:00Z"))
            .build();

    private TunnelException failure() {
        return catchThrowableOfType(TunnelException.class, () -> client.openTcp("example.com", 443));
    }

    private TunnelException refusal(int status, String... fields) {
        proxy.onRequest = stream -> stream.refuse(status, fields);
        return failure();
    }

    @ParameterizedTest
    @CsvSource({
        "403, destination_ip_prohibited, TARGET, false",
        "403, http_request_denied, REQUEST, false",
        "502, dns_error, TARGET, false",
        "502, connection_refused, TARGET, false",
        "504, dns_timeout, TARGET, true",
        "504, connection_timeout, TARGET, true",
        "502, connection_timeout, TARGET, true",
        "503, rate_limited, REQUEST, true",
        "429, rate_limited, REQUEST, true",
        "503, proxy_internal_error, REQUEST, true",
        "400, http_request_error, REQUEST, false",
        "502, proxy_loop_detected, TARGET, false",
    })
    void tellsRefusalsApartByTheirProxyStatus(int status, String error, TunnelStep step, boolean retryable) {
        TunnelException refusal = refusal(status, "proxy-status", "proxy.example;error=" + error);

        assertThat(refusal).isExactlyInstanceOf(TunnelRefusedException.class);
        assertThat(refusal.status()).hasValue(status);
        assertThat(refusal.proxyError()).contains(ProxyErrorType.of(error).orElseThrow());
        assertThat(refusal.step()).isEqualTo(step);
        assertThat(refusal.retryable()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 307, 404, 421, 500, 501, 505})
    void whateverIsNo2xxIsARefusal(int status) {
        TunnelException refusal = refusal(status, "location", "https://elsewhere.example/");

        assertThat(refusal).isExactlyInstanceOf(TunnelRefusedException.class);
        assertThat(refusal.step()).isEqualTo(TunnelStep.REQUEST);
        assertThat(proxy.streams).hasSize(1);
    }

    @Test
    void theErrorNearestToTheTargetCounts() {
        TunnelException refusal = refusal(
                502, "proxy-status", "b.example;error=dns_error;rcode=\"NXDOMAIN\", a.example;received-status=502");

        assertThat(refusal.proxyError()).contains(ProxyErrorType.DNS_ERROR);
        assertThat(refusal.rcode()).contains("NXDOMAIN");
    }

    @Test
    void whatThePeerWritesIsInNoMessage() {
        TunnelException refusal =
                refusal(502, "proxy-status", "b.example;error=dns_error;details=\"internal.corp\";rcode=\"<script>\"");

        assertThat(refusal.getMessage()).isEqualTo("the proxy could not reach the target: 502 (dns_error)");
        assertThat(refusal.rcode()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"401, www-authenticate", "407, proxy-authenticate", "403, proxy-authenticate"})
    void aRefusalWithAChallengeIsAboutTheCredentials(int status, String field) {
        TunnelException refusal = refusal(status, field, "Preshared", "proxy-status", "p;error=http_request_denied");

        assertThat(refusal)
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        e -> assertThat(e.challenges()).containsExactly("Preshared"));
        assertThat(refusal.step()).isEqualTo(TunnelStep.AUTHENTICATE);
        assertThat(refusal.retryable()).isFalse();
        assertThat(refusal.toString()).doesNotContain("secret");
        assertThat(proxy.streams).hasSize(1);
    }

    @Test
    void aChallengeIsAnsweredOnceWithOtherCredentials() throws Exception {
        List<List<String>> asked = new CopyOnWriteArrayList<>();
        client = Clients.to(proxy)
                .credentials(request -> {
                    asked.add(request.challenges());
                    return request.challenges().isEmpty() ? Optional.empty() : Optional.of("Token made-for-it");
                })
                .build();
        proxy.onRequest = stream -> {
            if (stream.request().fields().contains("proxy-authorization")) {
                stream.acceptAndEcho();
            } else {
                stream.refuse(407, "proxy-authenticate", "Token challenge=1");
            }
        };
        client.openTcp("example.com", 443).close();

        assertThat(asked).containsExactly(List.of(), List.of("Token challenge=1"));
        assertThat(proxy.streams.get(1).request().fields().first("proxy-authorization"))
                .isEqualTo("Token made-for-it");
    }

    @Test
    void credentialsThatKeepBeingRefusedEnd() {
        AtomicInteger count = new AtomicInteger();
        client = Clients.to(proxy)
                .credentials(request -> Optional.of("Token " + count.incrementAndGet()))
                .build();

        assertThat(refusal(407, "proxy-authenticate", "Token")).isInstanceOf(AuthenticationException.class);
        assertThat(count).hasValue(2);
    }

    @Test
    void credentialsThatCannotBeHadFailTheTunnel() {
        client = Clients.to(proxy)
                .credentials(request -> {
                    throw new IOException("no token left");
                })
                .build();

        assertThat(failure()).satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.AUTHENTICATE));
        assertThat(proxy.connects).isEmpty();
    }

    @Test
    void credentialsThatAreNoFieldValueAreNotShown() {
        client = Clients.to(proxy)
                .credentials(request -> Optional.of("Token a\r\nX-Evil: b"))
                .build();

        TunnelException failure = failure();
        assertThat(failure.step()).isEqualTo(TunnelStep.AUTHENTICATE);
        assertThat(failure).hasStackTraceContaining("credentials");
        assertThat(proxy.streams).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "120, PT2M",
        "0, PT0S",
        "'Fri, 20 Nov 2026 12:00:30 GMT', PT30S",
        "'Fri, 20 Nov 2020 12:00:30 GMT', PT0S",
        "99999999999999999999, ",
        "soon, ",
        "-1, "
    })
    void readsRetryAfter(String value, Duration expected) {
        assertThat(refusal(503, "retry-after", value).retryAfter()).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void informationalResponsesAreWaitedThrough() throws Exception {
        proxy.onRequest = stream -> stream.respond(103).respond(100).accept();

        assertThat(client.openTcp("example.com", 443)).isNotNull();
    }

    @Test
    void aRefusedStreamIsAskedForOnceMore() throws Exception {
        AtomicInteger count = new AtomicInteger();
        proxy.onRequest = stream -> {
            if (count.incrementAndGet() == 1) {
                stream.resets(ResetReason.REFUSED);
            } else {
                stream.acceptAndEcho();
            }
        };
        client.openTcp("example.com", 443).close();

        assertThat(count).hasValue(2);
    }

    @Test
    void aStreamThatIsRefusedTwiceFails() {
        proxy.onRequest = stream -> stream.resets(ResetReason.REFUSED);

        assertThat(failure()).satisfies(e -> assertThat(e.retryable()).isTrue());
        assertThat(proxy.streams).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT_ERROR", "CANCEL", "INTERNAL_ERROR", "MALFORMED", "EXCESSIVE_LOAD"})
    void otherResetsAreNotRetried(ResetReason reason) {
        proxy.onRequest = stream -> stream.resets(reason);

        assertThat(failure()).satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.REQUEST));
        assertThat(proxy.streams).hasSize(1);
    }

    @Test
    void aSessionThatBreaksBeforeTheAnswerFailsTheTunnelAndIsNotRetried() {
        proxy.onRequest = stream -> proxy.sessions.get(0).breaks();

        TunnelException failure = failure();
        assertThat(failure.step()).isEqualTo(TunnelStep.REQUEST);
        assertThat(failure.retryable()).isTrue();
        assertThat(proxy.streams).hasSize(1);
    }

    @Test
    void anEndWithoutAResponseIsAViolation() throws Exception {
        proxy.onRequest = stream -> {
            stream.replyEnd();
        };

        assertThat(failure().step()).isEqualTo(TunnelStep.REQUEST);
        assertThat(proxy.streams.get(0).clientReset.get()).isEqualTo(ResetReason.MALFORMED);
    }

    @Test
    void aProxyThatDoesNotAnswerIsGivenUp() throws Exception {
        proxy.onRequest = stream -> {};
        client = Clients.to(proxy).requestTimeout(Duration.ofMillis(50)).build();

        TunnelException failure = failure();
        assertThat(failure.proxyError()).contains(ProxyErrorType.HTTP_RESPONSE_TIMEOUT);
        assertThat(proxy.streams.get(0).clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }

    @Test
    void aSessionThatStaysSilentGetsNoMoreTunnels() throws Exception {
        proxy.onRequest = stream -> {};
        client = Clients.to(proxy).requestTimeout(Duration.ofMillis(50)).build();
        assertThat(failure()).isNotNull();
        proxy.onRequest = ProxiedStream::acceptAndEcho;
        client.openTcp("example.com", 443).close();

        assertThat(proxy.sessions).hasSize(2);
        until(() -> proxy.sessions.get(0).drained);
    }

    @Test
    void anInterruptGivesTheAttemptUp() throws Exception {
        proxy.onRequest = stream -> {};
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Void> opening = inBackground(() -> {
            thread.complete(Thread.currentThread());
            client.openTcp("example.com", 443);
        });
        until(() -> proxy.streams.size() == 1);
        thread.get().interrupt();

        assertThatThrownBy(opening::get).hasCauseInstanceOf(InterruptedIOException.class);
        assertThat(proxy.streams.get(0).clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }

    @Test
    void cancellingTheFutureGivesTheAttemptUp() throws Exception {
        proxy.onRequest = stream -> {};
        CompletableFuture<TcpTunnel> opening =
                client.openTcpAsync(Target.of("example.com", 443)).toCompletableFuture();
        until(() -> proxy.streams.size() == 1);
        opening.cancel(true);

        assertThat(proxy.streams.get(0).clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }

    @Test
    void asynchronousCompletionsMayBlock() throws Exception {
        int first = client.openTcpAsync(Target.of("example.com", 443))
                .thenApply(tunnel -> {
                    try {
                        tunnel.outputStream().write(7);
                        return tunnel.inputStream().read();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(first).isEqualTo(7);
    }

    @Test
    void theBodyOfARefusalIsDroppedUpToABound() throws Exception {
        proxy.onRequest = stream -> {
            stream.respond(502);
            for (int i = 0; i < 100; i++) {
                stream.reply(new byte[1024]);
            }
        };

        assertThat(failure()).isInstanceOf(TunnelRefusedException.class);
        assertThat(proxy.streams.get(0).clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }

    @ParameterizedTest
    @CsvSource({
        "DNS_ERROR, RESOLVE_PROXY, true",
        "CONNECTION_REFUSED, CONNECT_PROXY, true",
        "CONNECTION_TIMEOUT, CONNECT_PROXY, true",
        "TLS_CERTIFICATE_ERROR, TLS, false",
        "TLS_ALERT_RECEIVED, TLS, false"
    })
    void saysAtWhichStepTheProxyWasNotReached(ProxyErrorType type, TunnelStep step, boolean retryable) {
        proxy.onConnect = attempt -> ScriptedProxy.failing(type);

        TunnelException failure = failure();
        assertThat(failure.step()).isEqualTo(step);
        assertThat(failure.proxyError()).contains(type);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.status()).isEmpty();
    }

    @Test
    void aProxyThatCannotBeConnectedInTimeFailsTheTunnel() {
        proxy.onConnect = attempt -> new CompletableFuture<>();
        client = Clients.to(proxy).connectTimeout(Duration.ofMillis(50)).build();

        assertThat(failure()).satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.CONNECT_PROXY));
    }

    @Test
    void theStackOfAFailureIsTheCallers() {
        proxy.onConnect = attempt -> ScriptedProxy.refused();

        assertThat(failure().getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("failure"));
    }

    @Test
    void afterCloseThereAreNoTunnels() {
        client.close();

        assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> client.openTcp("example.com", 443));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> client.forwardTcp(0, Target.of("example.com", 443)));
    }

    @Test
    void closeEndsWhatWaits() throws Exception {
        proxy.onRequest = stream -> {};
        CompletableFuture<Void> opening = inBackground(() -> client.openTcp("example.com", 443));
        until(() -> proxy.streams.size() == 1);
        client.close();

        assertThatThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
                .isNotInstanceOf(TimeoutException.class)
                .hasCauseInstanceOf(TunnelException.class);
    }
}
