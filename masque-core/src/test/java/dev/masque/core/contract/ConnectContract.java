package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How sessions come about, or do not, and what transports leave behind. */
interface ConnectContract extends Contract {
    private CompletionStage<HttpSession> attempt() {
        return loop().clientTransport.connect(loop().options(), loop().client);
    }

    /** A port that nobody listens on. */
    private InetSocketAddress closedPort() {
        Listening gone = Loop.await(loop().serverTransport.listen(loop().listenOptions(0), loop().server));
        gone.close();
        return gone.address();
    }

    @Test
    default void aClosedPortIsAFailureWithAName() {
        InetSocketAddress nobody = closedPort();
        loop().timeout = Duration.ofSeconds(4);
        NextHopException failure = (NextHopException)
                Loop.awaitFailure(loop().clientTransport.connect(loop().options(nobody), loop().client));
        // UDP may or may not tell
        assertThat(failure.type())
                .isIn(
                        loop().version == HttpVersion.HTTP_3
                                ? List.of(ProxyErrorType.CONNECTION_REFUSED, ProxyErrorType.CONNECTION_TIMEOUT)
                                : List.of(ProxyErrorType.CONNECTION_REFUSED));
        assertThat(loop().client.sessions).isEmpty();
    }

    @Test
    default void whoCancelsGetsNoSession() {
        loop().listening();
        for (int i = 0; i < 5; i++) {
            CompletableFuture<HttpSession> attempt = attempt().toCompletableFuture();
            if (!attempt.cancel(false)) {
                Loop.await(attempt).close(); // it was there before
            }
        }
        loop().tunnel(loop().connect(loop().newClient()), Loop.CONNECT);
        assertThat(loop().client.sessions)
                .allSatisfy(session -> assertThat(session.availableStreams()).isZero());
    }

    @Test
    default void aClosedTransportConnectsAndListensNoMore() {
        loop().listening();
        loop().clientTransport.close();
        assertThat(Loop.awaitFailure(attempt())).isInstanceOf(IOException.class);
        assertThat(Loop.awaitFailure(loop().clientTransport.listen(loop().listenOptions(0), loop().server)))
                .isInstanceOf(IOException.class);
        loop().clientTransport.close();
    }

    @Test
    default void aTransportThatIsClosedEndsItsAttempts() {
        loop().listening();
        List<CompletableFuture<HttpSession>> attempts =
                Stream.generate(() -> attempt().toCompletableFuture()).limit(10).collect(Collectors.toList());
        loop().clientTransport.close();
        for (CompletableFuture<HttpSession> attempt : attempts) {
            Loop.await(attempt.handle(
                            (session, failure) -> failure == null ? List.of(session) : List.<HttpSession>of()))
                    .forEach(session -> Loop.await("it is closed", () -> session.availableStreams() == 0));
        }
    }

    @Test
    default void aPortCanBeTakenOnceAndAgainAfterItIsClosed() {
        Listening first = loop().listening();
        int port = first.address().getPort();
        assertThat(port).isPositive();
        assertThat(Loop.awaitFailure(loop().serverTransport.listen(loop().listenOptions(port), loop().server)))
                .isInstanceOf(IOException.class);
        first.close();
        first.close();
        Listening second = Loop.await(loop().serverTransport.listen(loop().listenOptions(port), loop().server));
        assertThat(second.address().getPort()).isEqualTo(port);
        Loop.await(loop().clientTransport.connect(loop().options(second.address()), loop().client));
    }

    @Test
    default void aClosedPortClosesTheSessionsThatCameThroughIt() {
        Tunnel tunnel = loop().tunnel();
        loop().listening().close();
        assertThat(tunnel.server().events().awaitClosed()).isNotNull();
        assertThat(tunnel.client().events().awaitClosed()).isNotNull();
        Loop.await(loop().server.closed);
        Loop.await(loop().client.closed);
    }

    @Test
    default void anAddressThatIsNotResolvedIsAMistakeOfTheCaller() {
        var unresolved = loop().options(InetSocketAddress.createUnresolved("localhost", 443));
        assertThatThrownBy(() -> loop().clientTransport.connect(unresolved, loop().client))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void aClosedTransportLeavesNoThread() {
        Set<Thread> before = threads();
        Loop other = new Loop(loop().provider, loop().clientProvider, loop().version);
        Tunnel tunnel = other.tunnel().resume();
        tunnel.client().send("hello");
        assertThat(tunnel.server().awaitText(5)).isEqualTo("hello");
        Set<Thread> made = threads();
        made.removeAll(before);
        assertThat(made).isNotEmpty();
        other.close();
        assertThat(tunnel.client().events().isClosed()).isTrue();
        assertThat(tunnel.server().events().isClosed()).isTrue();
        long deadline = System.nanoTime() + Recorder.PATIENCE_NANOS;
        while (made.stream().anyMatch(Thread::isAlive)) {
            assertThat(System.nanoTime()).as("threads left: " + made).isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
            made.removeIf(thread -> !thread.isAlive() || isOfTheSystem(thread));
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !isOfTheSystem(thread))
                .collect(Collectors.toSet());
    }

    /** Threads that the JDK or the process has one of. */
    private static boolean isOfTheSystem(Thread thread) {
        String name = thread.getName();
        return thread.getThreadGroup() == null
                || thread.getThreadGroup().getName().equals("system")
                || thread.getThreadGroup().getName().equals("InnocuousThreadGroup")
                || name.startsWith("junit")
                || name.startsWith("ForkJoinPool")
                || name.startsWith("CompletableFutureDelayScheduler")
                || name.startsWith("globalEventExecutor");
    }

    @Test
    default void aTransportCanBeMadeAgain() {
        for (int i = 0; i < 3; i++) {
            try (Transport transport = loop().clientProvider.create()) {
                HttpSession session = Loop.await(transport.connect(loop().options(), loop().newClient()));
                assertThat(session.availableStreams()).isPositive();
            }
        }
    }
}
