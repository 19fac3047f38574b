package dev.masque.kwik;

import com.sun.net.httpserver.HttpExchange;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.time.Instant;
import tech.kwik.flupke.server.HttpServerRequest;

/** An exchange as a handler of flupke sees its request. For one thread at a time. */
final class FlupkeRequest implements HttpServerRequest {
    private final HttpExchange exchange;
    private final Instant time = Instant.now();

    FlupkeRequest(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public String method() {
        return exchange.getRequestMethod();
    }

    @Override
    public String path() {
        return exchange.getRequestURI().toString();
    }

    @Override
    public HttpHeaders headers() {
        return HttpHeaders.of(
                exchange.getRequestHeaders(), (name, value) -> !name.equalsIgnoreCase("host")); // as in HTTP/3
    }

    @Override
    @SuppressWarnings("NullAway") // flupke's signature knows no absence
    public String authority() {
        return exchange.getRequestHeaders().getFirst("Host");
    }

    @Override
    public InputStream body() {
        return exchange.getRequestBody();
    }

    @Override
    public InetAddress clientAddress() {
        return remoteAddress().getAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return exchange.getRemoteAddress();
    }

    @Override
    public Instant time() {
        return time;
    }
}
