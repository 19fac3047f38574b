package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server and clients on loopback, with one certificate, each on a transport of its own. */
final class Loopback implements AutoCloseable {
    static final TestPki PKI = new TestPki();

    /** What is tested: the build runs some of the tests against the other transport for HTTP/3 too. */
    private static final String NAME = System.getProperty("masque.test.http3", "kwik");

    final Transport serverTransport = transport();
    final Transport clientTransport = transport();
    final Listening listening;
    SessionLimits clientLimits = SessionLimits.defaults();

    Loopback(SessionLimits limits, SessionHandler server) throws Exception {
        listening = serverTransport
                .listen(
                        new ListenOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Set.of(HttpVersion.HTTP_3),
                                PKI::identity,
                                limits),
                        server)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    Loopback(SessionHandler server) throws Exception {
        this(SessionLimits.defaults(), server);
    }

    static Transport transport() {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(NAME))
                .findFirst()
                .orElseThrow()
                .create();
    }

    HttpSession connect() throws Exception {
        return connect(new Client());
    }

    HttpSession connect(SessionHandler handler) throws Exception {
        return await(clientTransport.connect(options(), handler));
    }

    ConnectOptions options() {
        return new ConnectOptions(
                listening.address(),
                "localhost",
                List.of(HttpVersion.HTTP_3),
                PKI.trust(),
                Duration.ofSeconds(10),
                clientLimits);
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        clientTransport.close();
        serverTransport.close();
    }

    /** A client's side, which takes no requests. */
    static final class Client implements SessionHandler {
        final CompletableFuture<Boolean> draining = new CompletableFuture<>();
        final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

        @Override
        public StreamHandler request(HttpStream stream) {
            throw new AssertionError("a request to a client");
        }

        @Override
        public void draining(HttpSession session) {
            draining.complete(true);
        }

        @Override
        public void closed(HttpSession session, @Nullable Throwable cause) {
            closed.complete(cause);
        }
    }
}
