package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.netty.raw.RawTls;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class Http1WireTest {
    private static final ExchangeTest.Echo ECHO = new ExchangeTest.Echo();
    private static final BlockingQueue<RequestHead> REQUESTS = new LinkedBlockingQueue<>();

    private static Loopback loopback;

    @BeforeAll
    static void start() throws Exception {
        loopback = new Loopback(
                SessionLimits.defaults().withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(3)),
                new SessionHandler() {
                    @Override
                    public StreamHandler request(HttpStream stream) {
                        REQUESTS.add(stream.request());
                        if ("/refuse".equals(stream.request().path())
                                || "refused.example:1".equals(stream.request().authority())) {
                            stream.respond(
                                    new ResponseHead(403, dev.masque.core.spi.HeaderFields.of("content-length", "0")));
                            stream.end();
                            stream.resume();
                            return new Events();
                        }
                        return ECHO.request(stream);
                    }
                });
    }

    @AfterAll
    static void stop() {
        loopback.close();
    }

    private static RawTls client() throws Exception {
        REQUESTS.clear();
        return new RawTls(loopback.listening.address(), "http/1.1");
    }

    private static final Map<String, String> MALFORMED = Map.ofEntries(
            Map.entry(
                    "two lengths",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Map.entry(
                    "two content lengths",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"),
            Map.entry("list of content lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n"),
            Map.entry("signed content length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"),
            Map.entry("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            Map.entry("no host", "GET / HTTP/1.1\r\n\r\n"),
            Map.entry("host with userinfo", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
            Map.entry("folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n"),
            Map.entry("folded first line", "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n"),
            Map.entry("space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
            Map.entry("name with a space", "GET / HTTP/1.1\r\nHost: a\r\nX Y: a\r\n\r\n"),
            Map.entry("line without colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
            Map.entry("LF in a line", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
            Map.entry("CR in a line", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
            Map.entry("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"),
            Map.entry("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("target with a space", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("no version", "GET /\r\nHost: a\r\n\r\n"),
            Map.entry("fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("method is no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("absolute form with userinfo", "GET https://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("absolute form without host", "GET https:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("asterisk", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT without port", "CONNECT a.example HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT with empty port", "CONNECT a.example: HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT to port 0", "CONNECT a.example:0 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT with userinfo", "CONNECT u@a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT with a path", "CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT with a URI", "CONNECT https://a.example:443/ HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT with bare IPv6", "CONNECT ::1:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry(
                    "CONNECT with a length", "CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"),
            Map.entry(
                    "CONNECT with a coding",
                    "CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Map.entry(
                    "upgrade with content",
                    "GET /x HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: connect-udp\r\nContent-Length: 3\r\n\r\n"),
            Map.entry(
                    "coding with a space before the colon",
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
            Map.entry(
                    "coding on a folded line",
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
            Map.entry(
                    "coding behind a vertical tab",
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
            Map.entry("hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n"),
            Map.entry("negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
            Map.entry("length with a space", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\n"),
            Map.entry("empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"),
            Map.entry(
                    "length over 64 bits",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n"),
            Map.entry("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"),
            Map.entry("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u007f\r\n\r\n"),
            Map.entry("escape in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u001b\r\n\r\n"),
            Map.entry("name beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX\u00e9: a\r\n\r\n"),
            Map.entry("empty name", "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n"),
            Map.entry("target beyond ASCII", "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("NUL first", "\0GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("hosts in a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
            Map.entry("host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
            Map.entry("CONNECT to a list", "CONNECT a:1,b:2 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT to port 65536", "CONNECT a.example:65536 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT with a zone", "CONNECT [fe80::1%25lo]:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("CONNECT to nothing", "CONNECT :443 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry(
                    "upgrade with a coding",
                    "GET /x HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: connect-udp\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Map.entry("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));

    static java.util.stream.Stream<String> malformed() {
        return MALFORMED.keySet().stream().sorted();
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("malformed")
    void whatCanBeReadInTwoWaysIsRefusedAndTheConnectionClosed(String name) throws Exception {
        try (RawTls client = client()) {
            client.send(MALFORMED.get(name) + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
            assertThat(REQUESTS).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 501",
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n', 501",
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n', 501",
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n', 501",
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n', 501",
        "'GET / HTTP/1.1 \r\nHost: a\r\n\r\n', 505",
        "'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505"
    })
    void whatIsNotKnownHasItsOwnStatus(String request, int status) throws Exception {
        try (RawTls client = client()) {
            assertThat(client.send(request).readAll()).startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecondHandshakeEndsTheConnection(boolean afterData) throws Exception {
        try (RawTls client = new RawTls(loopback.listening.address(), "http/1.1", "TLSv1.2")) {
            if (afterData) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n");
            }
            assertThatThrownBy(() -> {
                        client.socket.startHandshake();
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n");
                    })
                    .isInstanceOf(IOException.class);
        }
        try (RawTls other = client()) {
            other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(other.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aHeadThatIsTooLargeIsRefused() throws Exception {
        try (RawTls client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void anEmptyLineBeforeARequestMayComeInPieces() throws Exception {
        try (RawTls client = client()) {
            client.send("\r").send("\n\r").send("\nGET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aHeadOfManyFieldsIsRefused() throws Exception {
        try (RawTls client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "x:\r\n".repeat(1_000) + "\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 431 ").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void aRequestLineThatIsTooLongIsRefused() throws Exception {
        try (RawTls client = client()) {
            client.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 414 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\nHost: a\n\n", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\n", "\n\n\n"})
    void linesThatEndInLfAloneAreNoHead(String head) throws Exception {
        try (RawTls client = client()) {
            assertThat(client.send(head).readAll()).doesNotContain("200");
            assertThat(REQUESTS).isEmpty();
        }
    }

    @Test
    void fieldsBehindTheChunksHaveNoMeaning() throws Exception {
        try (RawTls client = client()) {
            client.send("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("1\r\nx\r\n0\r\nContent-Length: 50\r\nHost: b\r\n\r\n");
            client.send("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll().split("HTTP/1.1 200 OK", -1)).hasSize(3);
            assertThat(REQUESTS.take().authority()).isEqualTo("a");
            assertThat(REQUESTS.take().path()).isEqualTo("/2");
        }
    }

    @Test
    void aHeadThatNeverEndsIsRefusedBeforeItIsBuffered() throws Exception {
        try (RawTls client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
            String answer = "";
            try {
                for (int i = 0; i < 1_000; i++) {
                    client.send("x".repeat(1_000));
                }
            } catch (java.io.IOException closed) {
                answer = "closed";
            }
            answer += client.readAll();
            assertThat(answer).containsAnyOf("HTTP/1.1 431 ", "closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n",
                "5;\n",
                "5\rx",
                "123456789\r\n",
                "2\r\nabc",
                " 5\r\n",
                "+5\r\n",
                "0x5\r\n",
                "-1\r\n",
                "5 \r\n",
                "\r\n",
                "5\n",
                "0\r\n\n"
            })
    void malformedChunksEndTheConnection(String chunk) throws Exception {
        try (RawTls client = client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);

            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void chunksCutAnywhereAreTheSame() throws Exception {
        String head = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        String request = head.concat("3;x=y\r\nxyz\r\n2\r\nuv\r\n0\r\nTrailer: x\r\n\r\n");
        try (RawTls client = client()) {
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            client.readUntil("\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n").replaceAll("[0-9a-f]+\r\n|\r\n", ""))
                    .isEqualTo("xyzuv");
        }
    }

    @Test
    void requestsFollowEachOtherOnOneConnectionAlsoWhenSentAtOnce() throws Exception {
        try (RawTls client = client()) {
            client.send(
                    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                            + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll().split("HTTP/1.1 200 OK", -1)).hasSize(4);
            assertThat(REQUESTS.poll(5, TimeUnit.SECONDS).path()).isEqualTo("/1");
            assertThat(REQUESTS.poll(5, TimeUnit.SECONDS).path()).isEqualTo("/2");
            assertThat(REQUESTS.poll(5, TimeUnit.SECONDS).path()).isEqualTo("/3");
        }
    }

    @Test
    void bytesAfterTheHeadOfAConnectAreTheTunnels() throws Exception {
        try (RawTls client = client()) {
            client.send(
                    "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain("ength")
                    .doesNotContain("oding");
            assertThat(client.readUntil("\r\n\r\n")).isEqualTo("GET / HTTP/1.1\r\nHost: b\r\n\r\n");
            client.socket.shutdownOutput();
            assertThat(client.readAll()).isEmpty();
            assertThat(REQUESTS).hasSize(1);
        }
    }

    @Test
    void bytesAfterTheHeadOfARefusedConnectAreNoRequest() throws Exception {
        try (RawTls client = client()) {
            client.send(
                    "CONNECT refused.example:1 HTTP/1.1\r\nHost: a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n");

            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 403 ")
                    .contains("connection: close")
                    .containsOnlyOnce("HTTP/1.1");
            assertThat(REQUESTS).hasSize(1);
        }
    }

    @Test
    void anUpgradeAppearsAsExtendedConnectAndIsAnsweredWith101() throws Exception {
        try (RawTls client = client()) {
            client.send(
                    "GET /.well-known/masque/udp/192.0.2.1/53/ HTTP/1.1\r\nHost: proxy.example\r\nConnection: keep-alive, Upgrade\r\n"
                            + "Upgrade: connect-udp\r\nCapsule-Protocol: ?1\r\n\r\n\0\3\0hi");

            assertThat(client.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("upgrade: connect-udp", "connection: upgrade");
            assertThat(client.read(5)).isEqualTo("\0\3\0hi".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            RequestHead head = REQUESTS.take();
            assertThat(head.protocol()).isEqualTo("connect-udp");
            assertThat(head.authority()).isEqualTo("proxy.example");
            assertThat(head.fields().contains("upgrade")).isFalse();
            assertThat(head.fields().first("capsule-protocol")).isEqualTo("?1");
        }
    }

    @Test
    void aRefusedUpgradeLeavesTheConnectionClosed() throws Exception {
        try (RawTls client = client()) {
            client.send(
                    "GET /refuse HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: connect-udp\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 403 ").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void anUpgradeToSomethingElseIsAnOrdinaryRequest() throws Exception {
        try (RawTls client = client()) {
            client.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
            assertThat(REQUESTS.take().protocol()).isNull();
        }
    }

    @Test
    void theTargetInAbsoluteFormReplacesTheHost() throws Exception {
        try (RawTls client = client()) {
            client.send("GET http://b.example?q HTTP/1.1\r\nHost: a\r\nConnection: close, x-hop\r\nX-Hop: 1\r\n\r\n")
                    .readAll();

            RequestHead head = REQUESTS.take();
            assertThat(head.authority()).isEqualTo("b.example");
            assertThat(head.scheme()).isEqualTo("http");
            assertThat(head.path()).isEqualTo("/?q");
            assertThat(head.fields().size()).isZero();
        }
    }

    @Test
    void aClientOfHttp10GetsAnAnswerThatEndsWithTheConnection() throws Exception {
        try (RawTls client = client()) {
            client.send("POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\nhi")
                    .doesNotContain("chunked");
        }
    }

    @Test
    void aClientThatExpectsAContinueGetsOne() throws Exception {
        try (RawTls client = client()) {
            client.send(
                    "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
            String first = client.readUntil("\r\n\r\n");
            client.send("hi");

            assertThat(first + client.readAll()).contains("HTTP/1.1 200 OK").contains("hi");
        }
    }

    @Test
    void theAnswerToHeadHasNoContent() throws Exception {
        try (RawTls client = client()) {
            client.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll()).endsWith("\r\n\r\n").containsOnlyOnce("\r\n\r\n");
        }
    }

    @Test
    void aHeadThatDribblesInIsCutOff() throws Exception {
        long began = System.nanoTime();
        try (RawTls client = client()) {
            client.send("GET / HTTP/1.1\r\n");

            assertThat(client.readAll()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void aSecondHeadThatDribblesInIsCutOff() throws Exception {
        try (RawTls client = client()) {
            client.send("GET /refuse HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n");
            client.send("GET ");

            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (RawTls client = client()) {
            long began = System.nanoTime();
            client.send("GET /refuse HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n");

            assertThat(client.readAll()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_500));
        }
    }

    @Test
    void aClientWithoutAlpnSpeaksHttp1() throws Exception {
        try (RawTls client = new RawTls(loopback.listening.address(), "")) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .readAll())
                    .startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aTunnelEndsInOrderOverEachVersionOfTls(String protocol) throws Exception {
        try (RawTls client = new RawTls(loopback.listening.address(), "http/1.1", protocol)) {
            client.send("CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\nhello");
            client.readUntil("\r\n\r\n");
            assertThat(client.read(5)).isEqualTo("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            client.socket.shutdownOutput();
            assertThat(client.readAll()).isEmpty();
        }
    }
}
