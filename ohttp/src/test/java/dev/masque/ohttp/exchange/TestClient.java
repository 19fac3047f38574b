package dev.masque.ohttp.exchange;

import dev.masque.ohttp.ChunkOpener;
import dev.masque.ohttp.ChunkedClientExchange;
import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryDecoder;
import dev.masque.ohttp.bhttp.BinaryEncoder;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.MessageSink;
import dev.masque.ohttp.bhttp.RequestHead;
import dev.masque.ohttp.bhttp.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client of Oblivious HTTP that does what a test asks of it. */
public final class TestClient {
    public static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private TestClient() {}

    public static KeyConfig keys(URI uri) throws Exception {
        HttpResponse<byte[]> response = HTTP.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofByteArray());
        return KeyConfig.parseList(ByteBuffer.wrap(response.body())).get(0);
    }

    /** What is inside: the answer of a gateway that took the request. */
    public static BinaryResponse ask(URI uri, KeyConfig config, BinaryRequest request) throws Exception {
        ClientExchange exchange = ClientExchange.start(config);
        HttpResponse<byte[]> response =
                post(uri, OhttpMediaTypes.REQUEST, exchange.seal(request.encode(Framing.KNOWN_LENGTH)));
        if (response.statusCode() != 200
                || !OhttpMediaTypes.RESPONSE.equals(
                        response.headers().firstValue("content-type").orElse(""))) {
            throw new IOException("status " + response.statusCode());
        }
        return BinaryResponse.decode(exchange.open(ByteBuffer.wrap(response.body())), BinaryHttpLimits.DEFAULT);
    }

    public static HttpResponse<byte[]> post(URI uri, String mediaType, ByteBuffer content) throws Exception {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", mediaType)
                        .POST(BodyPublishers.ofByteArray(bytes))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    public static BinaryRequest get(String url, String... fields) {
        return request("GET", url, "", fields);
    }

    public static BinaryRequest request(String method, String url, String content, String... fields) {
        URI uri = URI.create(url);
        String path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        return BinaryRequest.of(
                new RequestHead(method, uri.getScheme(), uri.getRawAuthority(), path, Fields.of(fields)),
                ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }

    public static String text(BinaryResponse response) {
        return StandardCharsets.UTF_8.decode(response.content()).toString();
    }

    /** The pieces of a request in chunks: head, content, end. */
    public static byte[] chunked(ChunkedClientExchange exchange, BinaryRequest request) {
        BinaryEncoder encoder = BinaryEncoder.indeterminateLength();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, exchange.request().chunk(encoder.request(request.head())));
        if (request.content().hasRemaining()) {
            put(out, exchange.request().chunk(encoder.content(request.content())));
        }
        put(out, exchange.request().last(encoder.end(Fields.empty())));
        return out.toByteArray();
    }

    public static HttpResponse<java.io.InputStream> postStream(URI uri, BodyPublisher content) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", OhttpMediaTypes.CHUNKED_REQUEST)
                        .POST(content)
                        .build(),
                BodyHandlers.ofInputStream());
    }

    public static Streamed askChunked(URI uri, KeyConfig config, BinaryRequest request) throws Exception {
        ChunkedClientExchange exchange = ChunkedClientExchange.start(config);
        HttpResponse<java.io.InputStream> response =
                postStream(uri, BodyPublishers.ofByteArray(chunked(exchange, request)));
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        Streamed streamed = new Streamed(exchange);
        try (java.io.InputStream body = response.body()) {
            byte[] piece = new byte[8192];
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                streamed.feed(piece, read);
            }
        }
        streamed.end();
        return streamed;
    }

    private static void put(ByteArrayOutputStream out, ByteBuffer piece) {
        out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
    }

    /** A response in chunks as it arrives. */
    public static final class Streamed implements MessageSink<ResponseHead> {
        private final BinaryDecoder decoder =
                BinaryDecoder.ofResponse(this, BinaryHttpLimits.DEFAULT.withContent(Long.MAX_VALUE));
        private final ChunkOpener opener;
        public final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        public @Nullable ResponseHead head;
        public long length;
        public boolean complete;

        public Streamed(ChunkedClientExchange exchange) {
            opener = exchange.response(ChunkOpener.CHUNK, decoder::decode);
        }

        public void feed(byte[] piece, int length) throws IOException {
            opener.decode(ByteBuffer.wrap(piece, 0, length));
        }

        public void feed(byte[] all) throws IOException {
            feed(all, all.length);
        }

        public void end() throws IOException {
            opener.end();
            decoder.end();
        }

        public int status() {
            ResponseHead known = head;
            return known == null ? 0 : known.status();
        }

        @Override
        public void head(ResponseHead decoded) {
            head = decoded;
        }

        @Override
        public void content(ByteBuffer piece) {
            length += piece.remaining();
            while (kept.size() < 100_000 && piece.hasRemaining()) {
                kept.write(piece.get());
            }
        }

        @Override
        public void end(Fields trailers) {
            complete = true;
        }
    }
}
