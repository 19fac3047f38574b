package dev.masque.privacypass.http;

import com.sun.net.httpserver.HttpExchange;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.RequestKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Reading and answering exchanges. Stateless. */
final class Exchanges {
    /** What a token takes of a request, with room for extensions. */
    private static final int BYTES_PER_TOKEN = 1024;

    private static final int DRAINED = 1 << 21;

    private Exchanges() {}

    /** A request for tokens with its kind. */
    record Request(RequestKind kind, Bytes content) {}

    /**
     * Reads a request for tokens.
     *
     * @throws IssuanceException with status 405, 413 or 415 if it is none
     */
    static Request read(HttpExchange exchange, int batchLimit) throws IOException, IssuanceException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            throw new IssuanceException(405, "send it with POST");
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        RequestKind kind = RequestKind.of(type == null ? "" : type)
                .orElseThrow(() -> new IssuanceException(415, "not a request for tokens"));
        int most = kind == RequestKind.SINGLE ? 1 << 17 : Math.min(batchLimit, 1 << 14) * BYTES_PER_TOKEN + (1 << 17);
        byte[] content = exchange.getRequestBody().readNBytes(most + 1);
        if (content.length > most) {
            drain(exchange.getRequestBody());
            throw new IssuanceException(413, "too long");
        }
        return new Request(kind, Bytes.copyOf(content));
    }

    /** Takes some of what is too long: who is still sending may not see an answer. */
    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 13];
        int left = DRAINED;
        while (left > 0) {
            int read = in.read(buffer);
            left = read < 0 ? 0 : left - read;
        }
    }

    static void answer(HttpExchange exchange, int status, String type, Bytes content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || content.size() == 0 ? -1 : content.size());
        if (!head && content.size() > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(content.toArray());
            }
        }
    }

    static void refuse(HttpExchange exchange, IssuanceException refusal) throws IOException {
        String message = refusal.getMessage() + "\n";
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        answer(
                exchange,
                refusal.status(),
                "text/plain; charset=utf-8",
                Bytes.copyOf(message.getBytes(StandardCharsets.UTF_8)));
    }
}
