package dev.masque.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down everything that a handler gets to see, for the demonstration. Thread-safe. */
final class DemoWitness implements HttpHandler {
    private final HttpHandler handler;
    private final List<Sight> sights = new CopyOnWriteArrayList<>();

    DemoWitness(HttpHandler handler) {
        this.handler = handler;
    }

    /**
     * What was seen of one exchange.
     *
     * @param peer where it came from
     * @param request method and path
     * @param fields of the request
     * @param received the content that came
     * @param sent the content that went
     */
    record Sight(
            InetSocketAddress peer,
            String request,
            Map<String, List<String>> fields,
            ByteArrayOutputStream received,
            ByteArrayOutputStream sent) {
        /** Whether a text was there to be seen anywhere. */
        boolean shows(String text) {
            return (request + fields).contains(text)
                    || received.toString(StandardCharsets.ISO_8859_1).contains(text)
                    || sent.toString(StandardCharsets.ISO_8859_1).contains(text);
        }
    }

    /** How many exchanges there were. */
    int count() {
        return sights.size();
    }

    /** The latest exchange. */
    Sight last() throws IOException {
        if (sights.isEmpty()) {
            throw new IOException("nothing came");
        }
        return sights.get(sights.size() - 1);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Sight sight = new Sight(
                exchange.getRemoteAddress(),
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                new TreeMap<>(exchange.getRequestHeaders()),
                new ByteArrayOutputStream(),
                new ByteArrayOutputStream());
        sights.add(sight);
        exchange.setStreams(
                copied(exchange.getRequestBody(), sight.received), copied(exchange.getResponseBody(), sight.sent));
        handler.handle(exchange);
    }

    private static InputStream copied(InputStream in, ByteArrayOutputStream copy) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                int read = super.read(bytes, from, length);
                copy.write(bytes, from, Math.max(0, read));
                return read;
            }
        };
    }

    private static OutputStream copied(OutputStream out, ByteArrayOutputStream copy) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
                copy.write(bytes, from, length);
            }
        };
    }
}
