package dev.masque.ohttp.client;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.masque.ohttp.ChunkOpener;
import dev.masque.ohttp.ChunkSealer;
import dev.masque.ohttp.ChunkedGatewayExchange;
import dev.masque.ohttp.GatewayExchange;
import dev.masque.ohttp.GatewayKey;
import dev.masque.ohttp.GatewayKeys;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryEncoder;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A relay and gateway in one resource on this machine, with an application behind; remembers what it saw. */
final class TestGateway implements AutoCloseable {
    final GatewayKey key;
    final List<Headers> outer = new CopyOnWriteArrayList<>();
    final List<BinaryRequest> inner = new CopyOnWriteArrayList<>();
    final List<ByteBuffer> encapsulatedKeys = new CopyOnWriteArrayList<>();
    final AtomicLong sent = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Function<BinaryRequest, BinaryResponse> application = request -> text(200, "hello");

    /** What writes the content of a response in chunks. */
    @FunctionalInterface
    interface Chunks {
        void write(ByteSink sink) throws IOException;
    }

    /** Takes content. */
    @FunctionalInterface
    interface ByteSink {
        void write(byte[] content) throws IOException;
    }

    TestGateway(KeyType type) throws IOException {
        key = GatewayKey.generate(7, type, new SecureRandom());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        on("/relay", this::relay);
        server.start();
    }

    static BinaryResponse text(int status, String content, String... fields) {
        return BinaryResponse.of(
                new ResponseHead(status, Fields.of(fields)), ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }

    void application(Function<BinaryRequest, BinaryResponse> answers) {
        application = answers;
    }

    void on(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                outer.add(exchange.getRequestHeaders());
                handler.handle(exchange);
            }
        });
    }

    /** Answers requests in chunks with what is written, chunk by chunk, the last one left out if {@code cut}. */
    void onChunked(String path, boolean cut, Chunks content) {
        on(path, exchange -> {
            ChunkedGatewayExchange gateway =
                    GatewayKeys.of(List.of(key)).openChunked(ChunkOpener.CHUNK, plaintext -> {});
            gateway.request().decode(ByteBuffer.wrap(exchange.getRequestBody().readAllBytes()));
            gateway.request().end();
            exchange.getResponseHeaders().set("Content-Type", OhttpMediaTypes.CHUNKED_RESPONSE);
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            BinaryEncoder encoder = BinaryEncoder.indeterminateLength();
            ChunkSealer sealer = gateway.response();
            out.write(bytes(sealer.chunk(encoder.head(new ResponseHead(200, Fields.empty())))));
            out.flush();
            content.write(piece -> {
                ByteBuffer sealed = sealer.chunk(encoder.content(ByteBuffer.wrap(piece)));
                out.write(bytes(sealed));
                out.flush();
                sent.addAndGet(piece.length);
            });
            if (!cut) {
                ByteBuffer last = sealer.last(encoder.end(Fields.empty()));
                out.write(bytes(last));
            }
        });
    }

    /** Answers in clear. */
    void onPlain(String path, int status, String body, String... fields) {
        on(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            for (int i = 0; i < fields.length; i += 2) {
                exchange.getResponseHeaders().add(fields[i], fields[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    private void relay(HttpExchange exchange) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(exchange.getRequestBody().readAllBytes());
        boolean chunked = OhttpMediaTypes.matches(
                exchange.getRequestHeaders().getFirst("Content-Type"), OhttpMediaTypes.CHUNKED_REQUEST);
        byte[] answer;
        if (chunked) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            ChunkedGatewayExchange gateway = GatewayKeys.of(List.of(key)).openChunked(ChunkOpener.CHUNK, plaintext -> {
                byte[] piece = new byte[plaintext.remaining()];
                plaintext.get(piece);
                plain.writeBytes(piece);
            });
            gateway.request().decode(content);
            gateway.request().end();
            answer = bytes(gateway.response()
                    .last(answer(ByteBuffer.wrap(plain.toByteArray()), Framing.INDETERMINATE_LENGTH)));
        } else {
            GatewayExchange gateway = GatewayKeys.of(List.of(key)).open(content);
            encapsulatedKeys.add(gateway.encapsulatedKey());
            answer = bytes(gateway.seal(answer(gateway.request(), Framing.KNOWN_LENGTH)));
        }
        exchange.getResponseHeaders()
                .set("Content-Type", chunked ? OhttpMediaTypes.CHUNKED_RESPONSE : OhttpMediaTypes.RESPONSE);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }

    private ByteBuffer answer(ByteBuffer plain, Framing framing) throws IOException {
        BinaryRequest request = BinaryRequest.decode(plain, BinaryHttpLimits.DEFAULT.withContent(1 << 28));
        inner.add(request);
        return application.apply(request).encode(framing, 64);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    String keys() {
        return new String(bytes(KeyConfig.encodeList(List.of(key.config()))), StandardCharsets.ISO_8859_1);
    }

    OhttpClient.Builder client(String path) {
        return OhttpClient.builder().relay(uri(path)).keys(key.config());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
