package dev.masque.kwik;

import com.sun.net.httpserver.HttpExchange;
import dev.masque.core.http3.HeadRules;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tech.kwik.flupke.server.HttpServerResponse;

/** An exchange as a handler of flupke sees its response: the head leaves with the first byte. For one thread at a time. */
final class FlupkeResponse implements HttpServerResponse {
    private static final int NOT_SET = -1;

    /** Of {@link HttpExchange#sendResponseHeaders}: no content, and content of a length not known yet. */
    private static final int NO_CONTENT = -1;

    private static final int ANY_LENGTH = 0;

    private final HttpExchange exchange;
    private int status = NOT_SET;

    @Nullable private Body body;

    private boolean headSent;

    FlupkeResponse(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void setStatus(int newStatus) {
        if (newStatus < 100 || newStatus > 999) {
            throw new IllegalArgumentException("status " + newStatus + " is not in 100-999");
        }
        status = newStatus;
    }

    @Override
    public void addHeader(String name, String value) {
        addHeader(name, List.of(value));
    }

    @Override
    public void addHeader(String name, List<String> values) {
        if (body != null) {
            throw new IllegalStateException("headers are set before the output stream is asked for");
        }
        if (!HeadRules.isOfConnection(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> exchange.getResponseHeaders().add(name, value));
        }
    }

    @Override
    public void setHeaders(HttpHeaders headers) {
        headers.map().forEach(this::addHeader);
    }

    @Override
    public OutputStream getOutputStream() {
        status();
        Body open = body;
        if (open == null) {
            open = new Body();
            body = open;
        }
        return open;
    }

    @Override
    public int status() {
        if (status == NOT_SET) {
            throw new IllegalStateException("status not set");
        }
        return status;
    }

    @Override
    public boolean isStatusSet() {
        return status != NOT_SET;
    }

    @Override
    public long size() {
        return body == null ? 0 : body.size;
    }

    /** The handler has returned. */
    void finish() throws IOException {
        if (!headSent) {
            send(NO_CONTENT);
        }
        if (size() > 0) {
            exchange.getResponseBody().close();
        }
    }

    private void send(int length) throws IOException {
        headSent = true;
        boolean legal = status >= 200 && status <= 599;
        exchange.sendResponseHeaders(legal ? status : 500, length);
    }

    /** Sends the head before the first byte. */
    private final class Body extends OutputStream {
        private long size;

        @Override
        public void write(int oneByte) throws IOException {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                if (!headSent) {
                    send(ANY_LENGTH);
                }
                exchange.getResponseBody().write(bytes, offset, length);
                size += length;
            }
        }

        @Override
        public void flush() throws IOException {
            if (headSent) {
                exchange.getResponseBody().flush();
            }
        }
    }
}
