package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How streams end that do not end well. */
interface EndsContract extends Contract {
    /** On HTTP/1.1 a reset is the loss of the connection. */
    default void assertPeerSaw(@Nullable StreamFailure seen, ResetReason reason) {
        assertThat(seen).isNotNull();
        StreamFailure failure = Objects.requireNonNull(seen);
        if (isHttp1()) {
            assertThat(failure.reason()).isIn(ResetReason.SESSION_LOST, ResetReason.INCOMPLETE);
        } else if (loop().version == HttpVersion.HTTP_3) {
            assertThat(failure)
                    .isEqualTo(StreamFailure.remote(ResetReason.ofHttp3(reason.http3Code()), reason.http3Code()));
        } else {
            assertThat(failure)
                    .isEqualTo(StreamFailure.remote(ResetReason.ofHttp2(reason.http2Code()), reason.http2Code()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SESSION_LOST", "NO_ERROR"})
    default void aResetOfTheServerReachesTheClient(ResetReason reason) {
        Tunnel tunnel = loop().tunnel().resume();
        tunnel.server().stream().reset(reason);
        assertThat(tunnel.server().events().awaitClosed()).isEqualTo(StreamFailure.local(reason, null));
        assertPeerSaw(tunnel.client().events().awaitClosed(), reason);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SESSION_LOST", "NO_ERROR"})
    default void aResetOfTheClientReachesTheServer(ResetReason reason) {
        Tunnel tunnel = loop().tunnel().resume();
        tunnel.client().stream().reset(reason);
        assertThat(tunnel.client().events().awaitClosed()).isEqualTo(StreamFailure.local(reason, null));
        assertPeerSaw(tunnel.server().events().awaitClosed(), reason);
    }

    @ParameterizedTest
    @EnumSource
    default void aResetReachesAPausedPeerAndDropsWhatWasNotRead(Tunnel.End end) {
        Tunnel tunnel = loop().tunnel();
        tunnel.side(end).send(new byte[10_000]);
        tunnel.side(end).stream().reset(ResetReason.CANCEL);
        assertThat(tunnel.side(end).events().awaitClosed()).isEqualTo(StreamFailure.local(ResetReason.CANCEL, null));
        assertPeerSaw(tunnel.other(end).events().awaitClosed(), ResetReason.CANCEL);
        tunnel.other(end).stream().resume();
        tunnel.other(end).onExecutor(() -> {});
        assertThat(tunnel.other(end).events().count()).isZero();
    }

    @Test
    default void aResetBeforeTheAnswerReachesTheServer() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        tunnel.client().stream().reset(ResetReason.CANCEL);
        assertPeerSaw(tunnel.server().events().awaitClosed(), ResetReason.CANCEL);
    }

    @Test
    default void aResetOfWhatIsHeldBackIsNotHeldBack() {
        Tunnel tunnel = loop().tunnel();
        while (tunnel.client().stream().isWritable()) {
            tunnel.client().send(new byte[50_000]);
        }
        tunnel.client().stream().reset(ResetReason.CONNECT_ERROR);
        tunnel.client().events().awaitClosed();
        assertPeerSaw(tunnel.server().events().awaitClosed(), ResetReason.CONNECT_ERROR);
    }

    @Test
    default void afterAResetNothingIsTakenAndNothingComes() {
        Tunnel tunnel = loop().tunnel().resume();
        tunnel.client().stream().reset(ResetReason.CANCEL);
        tunnel.client().events().awaitClosed();
        ByteBuffer late = ByteBuffer.wrap(new byte[3]);
        assertThat(tunnel.client().stream().write(late)).isFalse();
        assertThat(late.hasRemaining()).isFalse();
        assertThat(tunnel.client().stream().isWritable()).isFalse();
        tunnel.client().stream().flush();
        tunnel.client().stream().end();
        tunnel.client().stream().reset(ResetReason.INTERNAL_ERROR);
        tunnel.client().stream().pause();
        tunnel.client().stream().resume();
        tunnel.server().events().awaitClosed();
        tunnel.client().onExecutor(() -> {});
        assertThat(tunnel.client().events().awaitClosed()).isEqualTo(StreamFailure.local(ResetReason.CANCEL, null));
        assertThat(tunnel.server().events().count()).isZero();
    }

    @Test
    default void aResetOfAStreamThatEndedWellHasNoEffect() {
        Tunnel tunnel = loop().tunnel().resume();
        tunnel.client().stream().end();
        tunnel.server().stream().end();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
        tunnel.client().stream().reset(ResetReason.INTERNAL_ERROR);
        tunnel.server().stream().reset(ResetReason.INTERNAL_ERROR);
        tunnel.client().onExecutor(() -> {});
        tunnel.server().onExecutor(() -> {});
    }

    @Test
    default void aResetInsideRequestIsToldToTheHandlerThatRequestReturns() {
        loop().server.onRequest = stream -> {
            stream.reset(ResetReason.REFUSED);
            return new Recorder();
        };
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        assertThat(tunnel.server().events().awaitClosed()).isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));
        assertPeerSaw(tunnel.client().events().awaitClosed(), ResetReason.REFUSED);
    }

    @Test
    default void aResetWithoutErrorAfterTheEndLeavesTheEnd() {
        HttpSession session = loop().connect();
        Tunnel tunnel = loop().asked(session, Loop.CONNECT);
        byte[] page = new byte[300_000];
        tunnel.server().respond(403);
        tunnel.server().stream().write(ByteBuffer.wrap(page));
        tunnel.server().stream().end();
        tunnel.server().stream().reset(ResetReason.NO_ERROR);
        assertThat(tunnel.server().events().awaitClosed()).isEqualTo(StreamFailure.local(ResetReason.NO_ERROR, null));
        assertThat(tunnel.client().events().awaitResponse().status()).isEqualTo(403);
        tunnel.client().stream().resume();
        assertThat(tunnel.client().events().awaitBytes(page.length)).hasSize(page.length);
        tunnel.client().events().awaitEnd();
        if (!isHttp1()) {
            loop().tunnel(session, Loop.CONNECT); // its response comes after what says that nobody reads the first
        }
        tunnel.client().send("nobody reads this"); // at the latest now it is known
        StreamFailure failure = tunnel.client().events().awaitClosed();
        if (!isHttp1()) { // there the connection closes, which ends what the client had to say; either is right
            assertPeerSaw(failure, ResetReason.NO_ERROR);
        }
    }

    @Test
    default void aResetWithoutErrorInsideRequestAfterTheEndLeavesTheEnd() {
        loop().server.onRequest = stream -> {
            stream.respond(new ResponseHead(503, HeaderFields.of("x-busy", "1")));
            stream.end();
            stream.reset(ResetReason.NO_ERROR);
            return new Recorder();
        };
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT);
        tunnel.client().stream().resume();
        assertThat(tunnel.client().events().awaitResponse().status()).isEqualTo(503);
        tunnel.client().events().awaitEnd();
        tunnel.client().stream().end();
        tunnel.client().events().awaitClosed();
        tunnel.server().events().awaitClosed();
    }

    /** Where a handler throws. */
    enum Callback {
        RESPONSE,
        DATA,
        DATA_COMPLETE,
        DATAGRAM,
        END,
        WRITABLE
    }

    /** Throws in one of its callbacks. */
    final class Throwing extends Recorder {
        private final Callback where;

        Throwing(Callback where) {
            this.where = where;
        }

        private void at(Callback callback) {
            if (callback == where) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        protected void onResponse(ResponseHead head) {
            at(Callback.RESPONSE);
        }

        @Override
        protected void onData(ByteBuffer data) {
            at(Callback.DATA);
        }

        @Override
        protected void onDataComplete() {
            at(Callback.DATA_COMPLETE);
        }

        @Override
        protected void onDatagram(ByteBuffer payload) {
            at(Callback.DATAGRAM);
        }

        @Override
        protected void onEnd() {
            at(Callback.END);
        }

        @Override
        protected void onWritable() {
            at(Callback.WRITABLE);
        }
    }

    @ParameterizedTest
    @EnumSource
    default void anExceptionFromACallbackResetsItsStreamOnly(Callback where) {
        HttpSession session = loop().connect();
        Tunnel other = isHttp1() ? loop().tunnel() : loop().tunnel(session, Loop.CONNECT);
        Throwing throwing = new Throwing(where);
        Side client = loop().open(session, where == Callback.DATAGRAM ? Loop.CONNECT_UDP : Loop.CONNECT, throwing);
        Side server = loop().server.next();
        client.stream().resume();
        server.respond(200);
        switch (where) {
            case RESPONSE -> {}
            case DATA, DATA_COMPLETE -> server.send("bytes");
            case DATAGRAM -> server.sendDatagram(new byte[] {0, 1, 2});
            case END -> server.stream().end();
            case WRITABLE -> {
                throwing.awaitResponse();
                while (client.stream().isWritable()) {
                    client.send(new byte[50_000]);
                }
                server.stream().resume();
            }
        }
        StreamFailure failure = Objects.requireNonNull(throwing.awaitClosed());
        assertThat(failure.reason()).isEqualTo(ResetReason.INTERNAL_ERROR);
        assertThat(failure.remote()).isFalse();
        assertThat(failure.cause()).isInstanceOf(IllegalStateException.class);
        assertPeerSaw(server.events().awaitClosed(), ResetReason.INTERNAL_ERROR);
        other.resume().client().send("goes on");
        assertThat(other.server().awaitText(7)).isEqualTo("goes on");
    }

    @Test
    default void anExceptionFromRequestResetsThatStreamOnly() {
        HttpSession session = loop().connect();
        loop().server.onRequest = stream -> {
            throw new IllegalStateException("on purpose");
        };
        Side failing = loop().open(session, Loop.CONNECT);
        assertPeerSaw(failing.events().awaitClosed(), ResetReason.INTERNAL_ERROR);
        loop().server.onRequest = stream -> new Recorder();
        Tunnel good = isHttp1() ? loop().tunnel() : loop().tunnel(session, Loop.CONNECT);
        good.resume().client().send("fine");
        assertThat(good.server().awaitText(4)).isEqualTo("fine");
    }

    @Test
    default void anExceptionFromClosedHarmsNobody() {
        HttpSession session = loop().connect();
        Recorder events = new Recorder() {
            @Override
            protected void onClosed() {
                throw new IllegalStateException("on purpose");
            }
        };
        Tunnel bad = loop().tunnel(session, Loop.CONNECT, events);
        bad.client().stream().reset(ResetReason.CANCEL);
        events.awaitClosed();
        bad.server().events().awaitClosed();
        Tunnel good = isHttp1() ? loop().tunnel() : loop().tunnel(session, Loop.CONNECT);
        good.resume().client().send("fine");
        assertThat(good.server().awaitText(4)).isEqualTo("fine");
    }

    @Test
    default void closedIsNotCalledFromInsideTheHandler() {
        HttpStream[] stream = new HttpStream[1];
        Recorder events = new Recorder() {
            @Override
            protected void onData(ByteBuffer data) {
                stream[0].reset(ResetReason.CANCEL);
                assertThat(isClosed()).isFalse();
            }
        };
        Tunnel tunnel = loop().tunnel(loop().connect(), Loop.CONNECT, events);
        stream[0] = tunnel.client().stream();
        tunnel.client().stream().resume();
        tunnel.server().send("bytes");
        assertThat(events.awaitClosed()).isEqualTo(StreamFailure.local(ResetReason.CANCEL, null));
    }
}
