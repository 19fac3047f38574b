package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of sessions. */
interface SessionContract extends Contract {
    /** A request after which another can follow, in all versions. */
    RequestHead GET = new RequestHead("GET", "https", "localhost", "/", null, HeaderFields.empty());

    private static void assertLost(@Nullable StreamFailure seen) {
        StreamFailure failure = Objects.requireNonNull(seen);
        assertThat(failure.reason()).isIn(ResetReason.SESSION_LOST, ResetReason.INCOMPLETE);
    }

    private static void assertRefused(Side side) {
        StreamFailure failure = Objects.requireNonNull(side.events().awaitClosed());
        assertThat(failure.reason()).isEqualTo(ResetReason.REFUSED);
    }

    private HttpSession accepted() {
        return Loop.await(loop().server.opened);
    }

    @Test
    default void aSessionSaysWhatItIs() {
        HttpSession session = loop().connect();
        assertThat(loop().client.sessions).containsExactly(session);
        SessionInfo client = session.info();
        SessionInfo server = accepted().info();
        assertThat(client.transport()).isEqualTo(loop().clientProvider.name());
        assertThat(server.transport()).isEqualTo(loop().provider.name());
        for (SessionInfo info : new SessionInfo[] {client, server}) {
            assertThat(info.version()).isEqualTo(loop().version);
            assertThat(info.handshake()).isBetween(Duration.ZERO, Duration.ofSeconds(60));
        }
        assertThat(session.info()).isEqualTo(client);
        assertThat(client.remoteAddress()).isEqualTo(loop().listening().address());
        assertThat(server.localAddress().getPort())
                .isEqualTo(loop().listening().address().getPort());
        assertThat(client.localAddress().getPort())
                .isIn(server.remoteAddress().getPort(), 0); // not known inside a tunnel
        assertThat(server.peerCertificates()).isEmpty();
        if (isSecured()) {
            assertThat(client.tlsProtocol()).isEqualTo("TLSv1.3");
            assertThat(server.tlsProtocol()).isEqualTo("TLSv1.3");
        }
        if (showsCertificates()) {
            assertThat(client.peerCertificates().get(0))
                    .isEqualTo(Loop.PKI.identity().chain().get(0));
        } else {
            assertThat(client.peerCertificates()).isEmpty();
        }
    }

    @Test
    default void aServerOpensItsSessionBeforeTheFirstRequest() {
        loop().asked(loop().connect(), Loop.CONNECT);
        assertThat(loop().server.sessions).hasSize(1);
    }

    @Test
    default void availableStreamsGoesDownAndUpAgain() {
        loop().serverLimits = loop().serverLimits.withMaxStreams(3);
        HttpSession session = loop().connect();
        int most = isHttp1() ? 1 : 3;
        assertThat(session.availableStreams()).isEqualTo(most);
        if (isHttp1()) {
            Tunnel tunnel = loop().asked(session, GET).resume();
            assertThat(session.availableStreams()).isZero();
            tunnel.client().stream().end();
            tunnel.server().respond(204);
            tunnel.server().stream().end();
            assertThat(tunnel.client().events().awaitClosed()).isNull();
        } else {
            List<Tunnel> tunnels = new ArrayList<>();
            for (int left = 2; left >= 0; left--) {
                tunnels.add(loop().tunnel(session, Loop.CONNECT).resume());
                assertThat(session.availableStreams()).isEqualTo(left);
            }
            for (Tunnel tunnel : tunnels) {
                tunnel.client().stream().end();
                tunnel.server().stream().end();
                assertThat(tunnel.client().events().awaitClosed()).isNull();
            }
        }
        for (int i = 0; i < 10; i++) { // the places come back, on QUIC not each at once
            Loop.await("a free stream", () -> session.availableStreams() > 0);
            assertThat(session.availableStreams()).isLessThanOrEqualTo(most);
            Tunnel another = loop().asked(session, GET).resume();
            another.client().stream().end();
            another.server().respond(204);
            another.server().stream().end();
            assertThat(another.client().events().awaitClosed()).isNull();
        }
    }

    @Test
    default void oneStreamTooManyIsRefused() {
        loop().serverLimits = loop().serverLimits.withMaxStreams(2);
        HttpSession session = loop().connect();
        loop().tunnel(session, Loop.CONNECT);
        if (!isHttp1()) {
            loop().tunnel(session, Loop.CONNECT);
        }
        assertThat(session.availableStreams()).isZero();
        assertRefused(loop().open(session, Loop.CONNECT));
        assertThat(loop().server.hasNext()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    default void aResetMakesRoomForAnotherStream(Tunnel.End end) {
        if (isHttp1()) {
            return; // a reset ends the connection
        }
        loop().serverLimits = loop().serverLimits.withMaxStreams(1);
        HttpSession session = loop().connect();
        for (int i = 0; i < 5; i++) {
            Tunnel tunnel = loop().tunnel(session, Loop.CONNECT);
            tunnel.side(end).stream().reset(ResetReason.CANCEL);
            tunnel.client().events().awaitClosed();
            Loop.await("a free stream", () -> session.availableStreams() > 0);
            assertThat(session.availableStreams()).isEqualTo(1); // given back once, whoever resets and however often
        }
    }

    @Test
    default void manySequentialStreamsOnOneSession() {
        if (isHttp1()) {
            return; // one tunnel on a connection
        }
        loop().serverLimits = loop().serverLimits.withMaxStreams(4);
        HttpSession session = loop().connect();
        for (int i = 0; i < 100; i++) {
            Loop.await("a free stream", () -> session.availableStreams() > 0);
            Tunnel tunnel = loop().tunnel(session, Loop.CONNECT).resume();
            tunnel.client().send("x");
            tunnel.client().stream().end();
            tunnel.server().stream().end();
            assertThat(tunnel.client().events().awaitClosed()).isNull();
            assertThat(tunnel.server().awaitText(1)).isEqualTo("x");
        }
        assertThat(loop().server.sessions).hasSize(1);
    }

    @Test
    default void whenTheServerDrainsTheClientHearsItAndWhatIsThereGoesOn() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().tunnel(session, Loop.CONNECT).resume();
        accepted().drain();
        if (!isHttp1()) {
            Loop.await(loop().client.draining); // HTTP/1.1 has no word for it
            Loop.await("no stream", () -> session.availableStreams() == 0);
            assertRefused(loop().open(session, Loop.CONNECT));
        }
        tunnel.client().send("still here");
        assertThat(tunnel.server().awaitText(10)).isEqualTo("still here");
        tunnel.server().send(new byte[300_000]);
        assertThat(tunnel.client().events().awaitBytes(300_000)).hasSize(300_000);
        tunnel.server().stream().end();
        tunnel.client().stream().end();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
        assertThat(Loop.await(loop().client.closed)).isNull();
        assertThat(Loop.await(loop().server.closed)).isNull();
    }

    @Test
    default void whenTheClientDrainsWhatIsThereGoesOn() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().tunnel(session, Loop.CONNECT).resume();
        session.drain();
        Loop.await("no stream", () -> session.availableStreams() == 0);
        assertRefused(loop().open(session, Loop.CONNECT));
        tunnel.client().send("still here");
        assertThat(tunnel.server().awaitText(10)).isEqualTo("still here");
        assertThat(loop().client.closed).isNotDone();
        tunnel.client().stream().end();
        tunnel.server().stream().end();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(Loop.await(loop().client.closed)).isNull();
        assertThat(Loop.await(loop().server.closed)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    default void aSessionWithoutStreamsDrainsAtOnce(Tunnel.End end) {
        HttpSession session = loop().connect();
        HttpSession server = accepted();
        (end == Tunnel.End.CLIENT ? session : server).drain();
        assertThat(Loop.await(loop().client.closed)).isNull();
        assertThat(Loop.await(loop().server.closed)).isNull();
        assertRefused(loop().open(session, Loop.CONNECT));
    }

    @Test
    default void aDrainedSessionWaitsForAHandlerThatReadsLate() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().tunnel(session, Loop.CONNECT);
        tunnel.server().stream().resume();
        tunnel.server().send("read me");
        tunnel.server().stream().end();
        tunnel.client().stream().end();
        accepted().drain();
        tunnel.server().events().awaitEnd();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
        assertThat(Loop.await(loop().server.closed)).isNull();
        tunnel.client().stream().resume();
        assertThat(tunnel.client().awaitText(7)).isEqualTo("read me");
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        Loop.await(loop().client.closed);
    }

    @Test
    default void aPortThatDrainsAsksItsSessionsToLeaveAndTakesNone() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().tunnel(session, Loop.CONNECT).resume();
        var options = loop().options();
        loop().listening().drain();
        Throwable failure = Loop.awaitFailure(loop().clientTransport.connect(options, loop().newClient()));
        assertThat(failure).isInstanceOf(IOException.class);
        tunnel.client().send("still here");
        assertThat(tunnel.server().awaitText(10)).isEqualTo("still here");
        tunnel.client().stream().end();
        tunnel.server().stream().end();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(Loop.await(loop().server.closed)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    default void aCloseAfterTheLastStreamCutsNothingOff(Tunnel.End end) {
        for (int i = 0; i < 20; i++) {
            HttpSession session = loop().connect(loop().newClient());
            Tunnel tunnel = loop().tunnel(session, Loop.CONNECT).resume();
            tunnel.other(end).stream().end();
            tunnel.side(end).events().awaitEnd();
            tunnel.side(end).send(new byte[70_000]);
            tunnel.side(end).stream().end();
            assertThat(tunnel.side(end).events().awaitClosed()).isNull();
            tunnel.side(end).stream().session().close();
            assertThat(tunnel.other(end).events().awaitBytes(70_000)).hasSize(70_000);
            assertThat(tunnel.other(end).events().awaitClosed()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aCloseAmidATransferReachesThePeer(Tunnel.End end) {
        Pump.Writer writer = new Pump.Writer(new Pump(new byte[64 << 20], new SplittableRandom(1)));
        boolean isServer = end == Tunnel.End.SERVER;
        loop().server.onRequest = stream -> isServer ? writer : new Recorder();
        Tunnel tunnel = loop().tunnel(loop().connect(), Loop.CONNECT, isServer ? new Recorder() : writer)
                .resume();
        Side side = tunnel.side(end);
        writer.start(side.stream());
        tunnel.other(end).events().awaitBytes(1_000_000);
        side.stream().session().close();
        assertThat(tunnel.other(end).events().awaitClosed()).isNotNull();
        Loop.await(loop().client.closed);
        Loop.await(loop().server.closed);
    }

    @ParameterizedTest
    @EnumSource
    default void closeEndsEveryStream(Tunnel.End end) {
        HttpSession session = loop().connect();
        Tunnel first = loop().tunnel(session, Loop.CONNECT);
        Tunnel second =
                isHttp1() ? first : loop().tunnel(session, Loop.CONNECT_UDP).resume();
        HttpSession closing = end == Tunnel.End.CLIENT ? session : accepted();
        closing.close();
        closing.close();
        for (Tunnel tunnel : new Tunnel[] {first, second}) {
            StreamFailure here =
                    Objects.requireNonNull(tunnel.side(end).events().awaitClosed());
            assertThat(here.reason()).isEqualTo(ResetReason.SESSION_LOST);
            assertThat(here.remote()).isFalse();
            assertLost(tunnel.other(end).events().awaitClosed());
        }
        SessionRecorder here = end == Tunnel.End.CLIENT ? loop().client : loop().server;
        assertThat(Loop.await(here.closed)).isNull();
        Loop.await(loop().client.closed);
        Loop.await(loop().server.closed);
        assertThat(session.availableStreams()).isZero();
        assertRefused(loop().open(session, Loop.CONNECT));
    }

    @Test
    default void aSessionWithoutStreamsClosesAfterItsIdleTime() {
        loop().serverLimits = loop().serverLimits.withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(1));
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().tunnel(session, Loop.CONNECT);
        long opened = System.nanoTime();
        Loop.await("two idle times", () -> System.nanoTime() - opened > TimeUnit.SECONDS.toNanos(2));
        assertThat(loop().client.closed).isNotDone(); // an open stream keeps the session
        tunnel.resume();
        tunnel.client().stream().end();
        tunnel.server().stream().end();
        Loop.await(loop().server.closed);
        Loop.await(loop().client.closed);
        assertThat(session.availableStreams()).isZero();
    }

    @Test
    default void theIdleTimeOfTheClientCountsToo() {
        loop().clientLimits = loop().clientLimits.withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(300));
        loop().connect();
        Loop.await(loop().client.closed);
        Loop.await(loop().server.closed);
    }

    @Test
    default void sessionsDoNotShareTheirFate() {
        HttpSession doomed = loop().connect(loop().newClient());
        Tunnel tunnel = loop().tunnel().resume();
        doomed.close();
        tunnel.client().send("fine");
        assertThat(tunnel.server().awaitText(4)).isEqualTo("fine");
    }
}
