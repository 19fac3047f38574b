package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tunnels and requests between our client and our server. */
@Timeout(60)
class TunnelIT {
    private final TestPki pki = new TestPki();
    private final Transport transport = Loopback.transport();
    private final EchoServer server = new EchoServer();
    private HttpSession client;

    @BeforeEach
    void connect() throws Exception {
        Listening listening = transport
                .listen(
                        new ListenOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Set.of(HttpVersion.HTTP_3),
                                pki::identity,
                                SessionLimits.defaults()),
                        server)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        client = transport
                .connect(
                        new ConnectOptions(
                                listening.address(),
                                "localhost",
                                List.of(HttpVersion.HTTP_3),
                                pki.trust(),
                                Duration.ofSeconds(10),
                                SessionLimits.defaults()),
                        new SessionHandler() {
                            @Override
                            public StreamHandler request(HttpStream stream) {
                                throw new AssertionError();
                            }
                        })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void aTunnelCarriesBytesAndEndsEachDirectionAlone() throws Exception {
        RecordingStream events = new RecordingStream();
        HttpStream tunnel = client.open(RequestHead.connect("target.example:443", HeaderFields.empty()), s -> events);
        assertThat(events.response.get(10, TimeUnit.SECONDS).fields().first("server-timing"))
                .isEqualTo("proxy;dur=1");
        tunnel.resume();
        tunnel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        tunnel.flush();
        assertThat(events.await(5)).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
        tunnel.end();
        assertThat(events.end.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(events.closed.get(10, TimeUnit.SECONDS)).isNull();
        assertThat(server.request().request().authority()).isEqualTo("target.example:443");
    }

    @Test
    void aRequestHasAResponse() throws Exception {
        RecordingStream events = new RecordingStream();
        HttpStream request = client.open(
                new RequestHead("GET", "https", "localhost", "/index", null, HeaderFields.of("accept", "*/*")),
                s -> events);
        request.end();
        request.resume();
        assertThat(events.response.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(events.closed.get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void datagramsTravelBothWays() throws Exception {
        RecordingStream events = new RecordingStream();
        HttpStream tunnel =
                client.open(RequestHead.connectUdp("localhost", "/masque", HeaderFields.empty()), s -> events);
        events.response.get(10, TimeUnit.SECONDS);
        assertThat(tunnel.maxDatagramSize()).isGreaterThanOrEqualTo(1200);
        tunnel.sendDatagram(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}));
        assertThat(events.datagrams.poll(10, TimeUnit.SECONDS)).containsExactly(0, 1, 2, 3);
        tunnel.end();
        tunnel.resume();
        assertThat(events.closed.get(10, TimeUnit.SECONDS)).isNull();
    }
}
