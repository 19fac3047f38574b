package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.ohttp.ChunkOpener;
import dev.masque.ohttp.ChunkedGatewayExchange;
import dev.masque.ohttp.GatewayKeys;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryDecoder;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.MessageSink;
import dev.masque.ohttp.bhttp.RequestHead;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages in chunks, on their way before they are complete. */
@Timeout(120)
class OhttpStreamingIT {
    private static final HttpRequest GET =
            HttpRequest.newBuilder(URI.create("https://target.example/path?q")).build();

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(KeyType.X25519);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void aLongResponseInChunksIsReadAsFastAsItsReaderReads() throws Exception {
        int pieces = 2048;
        byte[] piece = new byte[64 << 10];
        Arrays.fill(piece, (byte) 7);
        gateway.onChunked("/long", false, sink -> {
            for (int i = 0; i < pieces; i++) {
                sink.write(piece);
            }
        });
        OhttpClient client = gateway.client("/long").chunked(true).build();

        try (InputStream body = client.send(GET, BodyHandlers.ofInputStream()).body()) {
            assertThat(body.readNBytes(1000)).containsOnly(7);
            long before = -1;
            for (int quiet = 0; quiet < 5; ) { // until the sender waits
                TimeUnit.MILLISECONDS.sleep(100);
                quiet = gateway.sent.get() == before ? quiet + 1 : 0;
                before = gateway.sent.get();
            }
            assertThat(before).isLessThan((long) pieces * piece.length / 2);
            long rest = 0;
            byte[] buffer = new byte[1 << 16];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                rest += count;
            }
            assertThat(rest).isEqualTo((long) pieces * piece.length - 1000);
        }
    }

    @Test
    void aResponseInChunksIsThereBeforeItsEnd() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        gateway.onChunked("/slow", false, sink -> {
            sink.write(new byte[] {1});
            try {
                assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new java.io.InterruptedIOException();
            }
            sink.write(new byte[] {2});
        });

        try (InputStream body = gateway.client("/slow")
                .chunked(true)
                .build()
                .send(GET, BodyHandlers.ofInputStream())
                .body()) {
            assertThat(body.read()).isEqualTo(1);
            read.countDown();
            assertThat(body.readAllBytes()).containsExactly(2);
        }
    }

    @RepeatedTest(20)
    void aRequestInChunksIsThereBeforeItsEnd() throws Exception {
        CountDownLatch head = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        AtomicLong content = new AtomicLong();
        gateway.on("/stream", exchange -> {
            BinaryDecoder decoder = BinaryDecoder.ofRequest(
                    new MessageSink<>() {
                        @Override
                        public void head(RequestHead request) {
                            head.countDown();
                        }

                        @Override
                        public void content(ByteBuffer piece) {
                            content.addAndGet(piece.remaining());
                            first.countDown();
                        }

                        @Override
                        public void end(Fields trailers) {}
                    },
                    BinaryHttpLimits.DEFAULT);
            ChunkedGatewayExchange opened =
                    GatewayKeys.of(List.of(gateway.key)).openChunked(ChunkOpener.CHUNK, decoder::decode);
            InputStream in = exchange.getRequestBody();
            byte[] buffer = new byte[5000];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                opened.request().decode(ByteBuffer.wrap(buffer, 0, count));
            }
            opened.request().end();
            decoder.end();
            exchange.getResponseHeaders().set("Content-Type", OhttpMediaTypes.CHUNKED_RESPONSE);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody()
                    .write(TestGateway.bytes(opened.response()
                            .last(TestGateway.text(200, "got " + content).encode(Framing.INDETERMINATE_LENGTH))));
        });
        PipedOutputStream body = new PipedOutputStream();
        PipedInputStream piped = new PipedInputStream(body, 1 << 16);
        HttpRequest post = HttpRequest.newBuilder(GET.uri())
                .POST(BodyPublishers.ofInputStream(() -> piped))
                .build();
        CompletableFuture<HttpResponse<String>> response =
                gateway.client("/stream").chunked(true).build().sendAsync(post, BodyHandlers.ofString());

        assertThat(head.await(30, TimeUnit.SECONDS)).isTrue();
        body.write(new byte[1000]);
        body.flush();
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(response).isNotDone();
        body.write(new byte[1000]);
        body.close();

        assertThat(response.get(30, TimeUnit.SECONDS).body()).isEqualTo("got 2000");
    }
}
