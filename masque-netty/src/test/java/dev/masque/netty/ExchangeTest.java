package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ExchangeTest {
    /** Answers 200 and sends everything back. */
    static final class Echo implements SessionHandler {
        @Override
        public StreamHandler request(HttpStream stream) {
            stream.respond(new ResponseHead(
                    200,
                    HeaderFields.of("x-path", String.valueOf(stream.request().path()))));
            stream.resume();
            return new StreamHandler() {
                @Override
                public void data(ByteBuffer data) {
                    if (!stream.write(data)) {
                        stream.pause();
                    }
                }

                @Override
                public void dataComplete() {
                    stream.flush();
                }

                @Override
                public void datagram(ByteBuffer payload) {
                    stream.sendDatagram(payload);
                }

                @Override
                public void writable() {
                    stream.resume();
                }

                @Override
                public void end() {
                    stream.end();
                }

                @Override
                public void closed(@Nullable StreamFailure failure) {}
            };
        }
    }

    private static final class Client implements SessionHandler {
        @Override
        public StreamHandler request(HttpStream stream) {
            throw new IllegalStateException();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aTunnelCarriesBytesBothWaysAndEndsEachAlone(HttpVersion version) throws Exception {
        try (Loopback loopback = new Loopback(new Echo())) {
            HttpSession session = loopback.connect(version, new Client());
            Events[] events = new Events[1];
            HttpStream stream = session.open(
                    RequestHead.connect("example.com:443", HeaderFields.empty()), s -> events[0] = Events.on(s));
            assertThat(events[0].response().status()).isEqualTo(200);
            stream.write(Events.bytes("hello"));
            stream.flush();
            assertThat(events[0].awaitBytes(5)).isEqualTo("hello");
            stream.end();
            assertThat(events[0].next()).isEqualTo(Events.END);
            assertThat(events[0].failure()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aRequestHasAPathAndABody(HttpVersion version) throws Exception {
        try (Loopback loopback = new Loopback(new Echo())) {
            HttpSession session = loopback.connect(version, new Client());
            for (int i = 0; i < 3; i++) {
                Events[] events = new Events[1];
                HttpStream stream = session.open(
                        new RequestHead("POST", "https", "localhost", "/a?b", null, HeaderFields.empty()),
                        s -> events[0] = Events.on(s));
                byte[] body = new byte[300_000];
                stream.write(ByteBuffer.wrap(body));
                stream.end();
                assertThat(events[0].response().fields().first("x-path")).isEqualTo("/a?b");
                events[0].awaitBytes(body.length);
                assertThat(events[0].count()).isEqualTo(body.length);
                events[0].next(String.class, Events.END::equals);
                assertThat(events[0].failure()).isNull();
                HttpStream get = session.open(
                        new RequestHead("GET", "https", "localhost", "/", null, HeaderFields.empty()),
                        s -> events[0] = Events.on(s));
                get.end();
                assertThat(events[0].response().status()).isEqualTo(200);
                assertThat(events[0].next()).isEqualTo(Events.END);
                assertThat(events[0].failure()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void datagramsTravelAsCapsules(HttpVersion version) throws Exception {
        try (Loopback loopback = new Loopback(new Echo())) {
            HttpSession session = loopback.connect(version, new Client());
            Events[] events = new Events[1];
            HttpStream stream = session.open(
                    RequestHead.connectUdp("localhost", "/x/", HeaderFields.of("capsule-protocol", "?1")),
                    s -> events[0] = Events.on(s));
            assertThat(events[0].response().status()).isEqualTo(200);
            for (int size : new int[] {1, 2, 100, 1_200, 65_528}) {
                assertThat(stream.sendDatagram(ByteBuffer.wrap(new byte[size]))).isTrue();
                stream.flush();
                assertThat(events[0].next(byte[].class, any -> true)).hasSize(size);
            }
            stream.end();
            assertThat(events[0].next()).isEqualTo(Events.END);
            assertThat(events[0].failure()).isNull();
        }
    }

    @Test
    void aServerMayResetEveryStreamOfALongSession() throws Exception {
        SessionHandler resetting = stream -> {
            stream.reset(ResetReason.REFUSED);
            return new Events();
        };
        try (Loopback loopback = new Loopback(resetting)) {
            loopback.clientLimits = SessionLimits.defaults().withMaxStreams(1);
            HttpSession session = loopback.connect(HttpVersion.HTTP_2, new Client());
            for (int i = 0; i < 300; i++) {
                Events[] events = new Events[1];
                session.open(
                        RequestHead.connect("example.com:443", HeaderFields.empty()), s -> events[0] = Events.on(s));
                assertThat(events[0].failure()).isEqualTo(StreamFailure.remote(ResetReason.REFUSED, 7));
            }
        }
    }

    @Test
    void aStreamThatIsPausedLearnsOfAnEndWithoutDataWhenItIsResumed() throws Exception {
        try (Loopback loopback = new Loopback(new Echo())) {
            HttpSession session = loopback.connect(HttpVersion.HTTP_2, new Client());
            Events paused = new Events();
            HttpStream first =
                    session.open(RequestHead.connect("example.com:443", HeaderFields.empty()), stream -> paused);
            assertThat(paused.response().status()).isEqualTo(200);
            first.end();
            Events[] events = new Events[1];
            session.open(RequestHead.connect("example.com:443", HeaderFields.empty()), s -> events[0] = Events.on(s))
                    .end();
            assertThat(events[0].failure()).isNull(); // what the server sent on the first stream came before that
            assertThat(paused.isQuiet()).isTrue();
            first.resume();
            assertThat(paused.next()).isEqualTo(Events.END);
            assertThat(paused.failure()).isNull();
        }
    }
}
