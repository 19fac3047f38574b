package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How streams and sessions end. */
@Timeout(60)
class StreamEndsIT {
    private static final RequestHead TUNNEL = RequestHead.connect("target.example:443", HeaderFields.empty());

    /** Leaves everything to the test. */
    private static final class Manual implements SessionHandler {
        record Accepted(HttpStream stream, RecordingStream events) {}

        final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
        final BlockingQueue<HttpSession> sessions = new LinkedBlockingQueue<>();
        final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

        @Override
        public void opened(HttpSession session) {
            sessions.add(session);
        }

        @Override
        public StreamHandler request(HttpStream stream) {
            RecordingStream events = new RecordingStream();
            accepted.add(new Accepted(stream, events));
            return events;
        }

        @Override
        public void closed(HttpSession session, @Nullable Throwable cause) {
            closed.complete(cause);
        }

        Accepted next() throws InterruptedException {
            return java.util.Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS));
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(
            value = ResetReason.class,
            names = {"CANCEL", "CONNECT_ERROR", "REFUSED", "EXCESSIVE_LOAD", "INTERNAL_ERROR", "NO_ERROR"})
    void aResetOfTheServerReachesTheClientWithItsReason(ResetReason reason) throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            RecordingStream events = new RecordingStream();
            loopback.connect().open(TUNNEL, s -> events);
            Manual.Accepted accepted = server.next();
            accepted.stream().respond(new ResponseHead(200, HeaderFields.empty()));
            get(events.response);
            accepted.stream().reset(reason);
            assertThat(get(accepted.events().closed)).isEqualTo(StreamFailure.local(reason, null));
            assertThat(get(events.closed)).isEqualTo(StreamFailure.remote(reason, reason.http3Code()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ResetReason.class,
            names = {"CANCEL", "CONNECT_ERROR"})
    void aResetOfTheClientReachesTheServerWhileItIsPausedAndHasUnreadBytes(ResetReason reason) throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = loopback.connect().open(TUNNEL, s -> events);
            Manual.Accepted accepted = server.next();
            tunnel.write(ByteBuffer.allocate(100_000));
            tunnel.flush();
            tunnel.reset(reason);
            assertThat(get(events.closed)).isEqualTo(StreamFailure.local(reason, null));
            assertThat(get(accepted.events().closed)).isEqualTo(StreamFailure.remote(reason, reason.http3Code()));
            assertThat(accepted.events().await(0)).isEmpty();
        }
    }

    @Test
    void anEndIsNotAnEndOfTheOtherDirection() throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = loopback.connect().open(TUNNEL, s -> events);
            tunnel.resume();
            tunnel.end();
            Manual.Accepted accepted = server.next();
            accepted.stream().resume();
            assertThat(get(accepted.events().end)).isTrue();
            accepted.stream().respond(new ResponseHead(200, HeaderFields.empty()));
            accepted.stream().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            accepted.stream().flush();
            assertThat(events.await(3)).containsExactly(1, 2, 3);
            assertThat(events.closed).isNotDone();
            accepted.stream().end();
            assertThat(get(events.closed)).isNull();
            assertThat(get(accepted.events().closed)).isNull();
        }
    }

    @Test
    void whatIsPausedHoldsTheSenderBack() throws Exception {
        Manual server = new Manual();
        SessionLimits limits = SessionLimits.defaults().withWindows(64 << 10, 256 << 10);
        try (Loopback loopback = new Loopback(limits, server)) {
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = loopback.connect().open(TUNNEL, s -> events);
            Manual.Accepted accepted = server.next();
            int written = 0;
            while (tunnel.write(ByteBuffer.allocate(10_000)) || written < 100_000) {
                written += 10_000;
                assertThat(written).isLessThan(10_000_000);
            }
            written += 10_000;
            tunnel.flush();
            assertThat(tunnel.isWritable()).isFalse();
            accepted.stream().resume();
            assertThat(accepted.events().await(written)).hasSize(written);
        }
    }

    @Test
    void theLossOfASessionEndsItsStreams() throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            Loopback.Client client = new Loopback.Client();
            HttpSession session = loopback.connect(client);
            RecordingStream events = new RecordingStream();
            session.open(TUNNEL, s -> events);
            Manual.Accepted accepted = server.next();
            session.close();
            session.close();
            assertThat(get(events.closed)).isEqualTo(StreamFailure.local(ResetReason.SESSION_LOST, null));
            assertThat(get(client.closed)).isNull();
            assertThat(get(accepted.events().closed)).isEqualTo(StreamFailure.local(ResetReason.SESSION_LOST, null));
            assertThat(get(server.closed)).isNull();
            assertThat(session.availableStreams()).isZero();
            RecordingStream late = new RecordingStream();
            session.open(TUNNEL, s -> late);
            assertThat(get(late.closed)).isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));
        }
    }

    @Test
    void aDrainingServerFinishesWhatIsThereAndTakesNothingNew() throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            Loopback.Client client = new Loopback.Client();
            HttpSession session = loopback.connect(client);
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = session.open(TUNNEL, s -> events);
            Manual.Accepted accepted = server.next();
            assertThat(session.availableStreams()).isPositive();
            loopback.listening.drain();
            assertThat(get(client.draining)).isTrue();
            assertThat(session.availableStreams()).isZero();
            RecordingStream late = new RecordingStream();
            session.open(TUNNEL, s -> late);
            assertThat(get(late.closed)).isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));

            accepted.stream().respond(new ResponseHead(200, HeaderFields.empty()));
            byte[] much = new byte[300_000];
            accepted.stream().write(ByteBuffer.wrap(much));
            accepted.stream().end();
            accepted.stream().resume();
            tunnel.resume();
            tunnel.end();
            assertThat(events.await(much.length)).hasSize(much.length);
            assertThat(get(events.closed)).isNull();
            assertThat(get(server.closed)).isNull();
            assertThat(get(client.closed)).isNull();
        }
    }

    @Test
    void aDrainingClientFinishesWhatIsThere() throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            Loopback.Client client = new Loopback.Client();
            HttpSession session = loopback.connect(client);
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = session.open(TUNNEL, s -> events);
            Manual.Accepted accepted = server.next();
            session.drain();
            tunnel.resume();
            tunnel.end();
            accepted.stream().respond(new ResponseHead(200, HeaderFields.empty()));
            accepted.stream().resume();
            accepted.stream().end();
            assertThat(get(events.closed)).isNull();
            assertThat(get(client.closed)).isNull();
            assertThat(get(server.closed)).isNull();
        }
    }

    @Test
    void theLimitOfStreamsIsThePeersAndGrowsAsTheyEnd() throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(SessionLimits.defaults().withMaxStreams(3), server)) {
            HttpSession session = loopback.connect();
            assertThat(session.availableStreams()).isEqualTo(3);
            for (int round = 0; round < 5; round++) {
                RecordingStream[] events = new RecordingStream[3];
                for (int i = 0; i < 3; i++) {
                    RecordingStream one = new RecordingStream();
                    events[i] = one;
                    HttpStream stream = session.open(TUNNEL, s -> one);
                    stream.resume();
                    stream.end();
                }
                RecordingStream tooMany = new RecordingStream();
                session.open(TUNNEL, s -> tooMany);
                assertThat(get(tooMany.closed)).isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));
                for (int i = 0; i < 3; i++) {
                    Manual.Accepted accepted = server.next();
                    accepted.stream().respond(new ResponseHead(200, HeaderFields.empty()));
                    accepted.stream().resume();
                    accepted.stream().end();
                }
                for (RecordingStream one : events) {
                    assertThat(get(one.closed)).isNull();
                }
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
                while (session.availableStreams() < 3 && System.nanoTime() < deadline) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                assertThat(session.availableStreams()).isEqualTo(3);
            }
        }
    }

    @Test
    void anExceptionInAHandlerResetsItsStreamOnly() throws Exception {
        Manual server = new Manual();
        try (Loopback loopback = new Loopback(server)) {
            HttpSession session = loopback.connect();
            RecordingStream failing = new RecordingStream() {
                @Override
                public void response(ResponseHead head) {
                    throw new IllegalStateException("on purpose");
                }
            };
            session.open(TUNNEL, s -> failing);
            Manual.Accepted first = server.next();
            first.stream().respond(new ResponseHead(200, HeaderFields.empty()));
            StreamFailure failure = get(failing.closed);
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).isEqualTo(ResetReason.INTERNAL_ERROR);
            StreamFailure seen = get(first.events().closed);
            assertThat(seen).isEqualTo(StreamFailure.remote(ResetReason.INTERNAL_ERROR, 0x102));
            RecordingStream fine = new RecordingStream();
            session.open(TUNNEL, s -> fine);
            server.next().stream().respond(new ResponseHead(200, HeaderFields.empty()));
            assertThat(get(fine.response).status()).isEqualTo(200);
        }
    }
}
