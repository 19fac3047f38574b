package dev.masque.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.contract.Recorder;
import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is beyond the contract of transports: routes, versions, cuts. */
class MemoryPlaceTest {
    private static final InetSocketAddress PROXY = Ends.address("192.0.2.1", 443);
    private static final TestPki PKI = new TestPki();

    private final MemoryTransportProvider memory =
            new MemoryTransportProvider(HttpVersion.values()).withExecutor(Runnable::run);

    @AutoClose
    private final Transport server = memory.create();

    @AutoClose
    private Transport client = memory.create();

    private final Sessions serverSessions = new Sessions();
    private final Sessions clientSessions = new Sessions();

    private static final class Sessions implements SessionHandler {
        private final List<HttpSession> opened = new ArrayList<>();
        private final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

        @Override
        public void opened(HttpSession session) {
            opened.add(session);
        }

        @Override
        public StreamHandler request(HttpStream stream) {
            return new Recorder();
        }

        @Override
        public void closed(HttpSession session, @Nullable Throwable cause) {
            closed.complete(cause);
        }
    }

    private void listen(HttpVersion... versions) {
        ListenOptions options = new ListenOptions(PROXY, Set.of(versions), PKI::identity, SessionLimits.defaults());
        Ends.await(server.listen(options, serverSessions).toCompletableFuture());
    }

    private CompletableFuture<HttpSession> connect(Duration timeout, HttpVersion... versions) {
        ConnectOptions options = new ConnectOptions(
                PROXY, "192.0.2.1", List.of(versions), PKI.trust(), timeout, SessionLimits.defaults());
        return client.connect(options, clientSessions).toCompletableFuture();
    }

    private CompletableFuture<HttpSession> connect(HttpVersion... versions) {
        return connect(Duration.ofSeconds(20), versions);
    }

    private static ProxyErrorType failure(CompletableFuture<?> failed) {
        Throwable cause = Objects.requireNonNull(Ends.await(failed.handle((value, problem) -> problem)));
        return ((NextHopException) cause).type();
    }

    @Test
    void http3HasPortsOfItsOwn() {
        listen(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
        assertThat(failure(connect(HttpVersion.HTTP_3))).isEqualTo(ProxyErrorType.CONNECTION_REFUSED);
        listen(HttpVersion.HTTP_3);
        assertThat(Ends.await(connect(HttpVersion.HTTP_3)).info().version()).isEqualTo(HttpVersion.HTTP_3);
        assertThat(Ends.await(connect(HttpVersion.HTTP_1_1)).info().version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void aVersionThatIsNotServedOnAnOpenPortIsAFailureOfTls() {
        listen(HttpVersion.HTTP_1_1);
        assertThat(failure(connect(HttpVersion.HTTP_2))).isEqualTo(ProxyErrorType.TLS_PROTOCOL_ERROR);
        assertThat(Ends.await(connect(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                        .info()
                        .version())
                .isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void anAttemptGoesOnWhenItsRouteDoes() {
        listen(HttpVersion.HTTP_2);
        CompletableFuture<Boolean> route = new CompletableFuture<>();
        client = memory.withRoute(options -> route).create();
        CompletableFuture<HttpSession> connected = connect(HttpVersion.HTTP_2);
        assertThat(connected).isNotDone();
        assertThat(serverSessions.opened).isEmpty();
        route.complete(true);
        assertThat(connected).isCompleted();
        assertThat(serverSessions.opened).hasSize(1);
    }

    @Test
    void anAttemptFailsAsItsRouteDoes() {
        listen(HttpVersion.HTTP_2);
        client = memory.withRoute(options -> CompletableFuture.failedFuture(
                        new NextHopException(ProxyErrorType.TLS_CERTIFICATE_ERROR, "not trusted", null)))
                .create();
        assertThat(failure(connect(HttpVersion.HTTP_2))).isEqualTo(ProxyErrorType.TLS_CERTIFICATE_ERROR);
    }

    @Test
    void aRouteIsGivenUpWithTheAttempt() {
        List<CompletableFuture<Boolean>> routes = new ArrayList<>();
        client = memory.withRoute(options -> {
                    routes.add(new CompletableFuture<>());
                    return routes.get(routes.size() - 1);
                })
                .create();
        connect(HttpVersion.HTTP_2).cancel(true);
        assertThat(routes.get(0)).isCancelled();
        assertThat(failure(connect(Duration.ofMillis(1), HttpVersion.HTTP_2)))
                .isEqualTo(ProxyErrorType.CONNECTION_TIMEOUT);
        assertThat(routes.get(1)).failsWithin(Duration.ofSeconds(10)); // on the thread that told the failure first
        assertThat(routes.get(1)).isCancelled();
    }

    @Test
    void aServerMayHaveNoExtendedConnect() {
        try (Transport plain = memory.withoutExtendedConnect().create()) {
            ListenOptions options =
                    new ListenOptions(PROXY, Set.of(HttpVersion.HTTP_2), PKI::identity, SessionLimits.defaults());
            Ends.await(plain.listen(options, serverSessions).toCompletableFuture());
            assertThat(Ends.await(connect(HttpVersion.HTTP_2)).supportsExtendedConnect())
                    .isFalse();
        }
    }

    @Test
    void bothEndsHearOfACut() {
        listen(HttpVersion.HTTP_2);
        HttpSession session = Ends.await(connect(HttpVersion.HTTP_2));
        MemoryTransportProvider.cut(session);
        assertThat(Ends.await(clientSessions.closed)).isNotNull();
        assertThat(Ends.await(serverSessions.closed)).isNotNull();
        assertThat(session.availableStreams()).isZero();
    }

    @Test
    void onlySessionsInMemoryCanBeCut() {
        HttpSession other = (HttpSession) java.lang.reflect.Proxy.newProxyInstance(
                HttpSession.class.getClassLoader(), new Class<?>[] {HttpSession.class}, (proxy, method, args) -> null);
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryTransportProvider.cut(other));
    }
}
