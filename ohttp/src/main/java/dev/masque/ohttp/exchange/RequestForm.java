package dev.masque.ohttp.exchange;

import com.sun.net.httpserver.HttpExchange;
import dev.masque.ohttp.OhttpMediaTypes;

/** What form of encapsulated request comes to a relay or a gateway. */
public final class RequestForm {
    private RequestForm() {}

    /**
     * Whether a request with an encapsulated request is in chunks; refuses any other request.
     *
     * @param exchange of which nothing was read
     * @return true for {@link OhttpMediaTypes#CHUNKED_REQUEST}
     * @throws StatusException if it is neither form
     */
    public static boolean isChunked(HttpExchange exchange) throws StatusException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            throw new StatusException(405);
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (OhttpMediaTypes.matches(type, OhttpMediaTypes.CHUNKED_REQUEST)) {
            return true;
        }
        if (!OhttpMediaTypes.matches(type, OhttpMediaTypes.REQUEST)) {
            throw new StatusException(415);
        }
        return false;
    }
}
