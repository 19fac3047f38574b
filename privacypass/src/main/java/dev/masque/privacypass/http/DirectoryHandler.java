package dev.masque.privacypass.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.IssuerKeys;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/**
 * Serves the directory of an issuer, at {@link IssuerDirectory#PATH}. All clients get the same, and caches may keep it as
 * long as keys are announced ahead. Thread-safe. RFC 9578, 4.
 */
public final class DirectoryHandler implements HttpHandler {
    private final IssuerKeys keys;
    private final URI requestUri;

    private DirectoryHandler(IssuerKeys keys, URI requestUri) {
        this.keys = keys;
        this.requestUri = requestUri;
    }

    /**
     * The directory of an issuer.
     *
     * @param keys its keys
     * @param requestUri where requests go; absolute, or relative to where the directory is
     * @return the handler
     */
    public static DirectoryHandler of(IssuerKeys keys, URI requestUri) {
        return new DirectoryHandler(keys, requestUri);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                Exchanges.refuse(exchange, new IssuanceException(405, "read it with GET"));
                return;
            }
            Bytes content = IssuerDirectory.of(requestUri, keys).format();
            String tag = '"' + UUID.nameUUIDFromBytes(content.toArray()).toString() + '"';
            exchange.getResponseHeaders()
                    .set("Cache-Control", "public, max-age=" + keys.cacheable().toSeconds());
            exchange.getResponseHeaders().set("ETag", tag);
            List<String> known = exchange.getRequestHeaders().getOrDefault("If-None-Match", List.of());
            if (known.stream().anyMatch(value -> value.contains(tag))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            Exchanges.answer(exchange, 200, IssuerDirectory.MEDIA_TYPE, content);
        }
    }
}
