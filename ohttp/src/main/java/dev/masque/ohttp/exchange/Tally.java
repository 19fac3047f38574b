package dev.masque.ohttp.exchange;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends an answer, and counts. For one thread. */
public final class Tally {
    /** How much is read of a request for which there is no limit, or that is over it, so that its sender gets the refusal. */
    private static final long UNREAD = 1 << 20;

    private final long start = System.nanoTime();
    private final HttpExchange exchange;
    private @Nullable CountedInput in;
    private @Nullable OutputStream out;
    private long sent;
    private int status;

    /**
     * Nothing yet.
     *
     * @param exchange to be answered
     */
    public Tally(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Reads the request.
     *
     * @param limit how many bytes it may have
     * @param progress run whenever something arrived
     * @return its content; 413 is what more of it is refused with
     */
    public CountedInput reads(long limit, Runnable progress) {
        CountedInput counted = new CountedInput(exchange.getRequestBody(), limit, 413, progress);
        in = counted;
        return counted;
    }

    /**
     * Reads the request to its end.
     *
     * @param limit how many bytes it may have
     * @return its content, in a heap buffer
     * @throws IOException if that fails, or there is more
     */
    public ByteBuffer readsWhole(int limit) throws IOException {
        long expected = CountedInput.expected(exchange.getRequestHeaders().getFirst("Content-Length"));
        return reads(limit, () -> {}).readWhole(expected);
    }

    /**
     * Refuses the request, if it has not been answered.
     *
     * @param refusal how
     * @throws IOException if it cannot be sent
     */
    public void refuse(StatusException refusal) throws IOException {
        if (status == 0) {
            boolean busy = refusal.status() == 503;
            if (busy) {
                exchange.getResponseHeaders().set("Retry-After", "1");
            } else if (in == null && exchange.getRequestMethod().equals("POST")) {
                reads(0, () -> {});
            }
            send(refusal.status(), Problem.MEDIA_TYPE, refusal.problem().content(), !busy);
        }
    }

    /**
     * Sends a whole answer.
     *
     * @param code its status
     * @param mediaType of the content; ignored if that is empty
     * @param content a heap buffer; used up
     * @throws IOException if it cannot be sent
     */
    public void send(int code, String mediaType, ByteBuffer content) throws IOException {
        send(code, mediaType, content, true);
    }

    private void send(int code, String mediaType, ByteBuffer content, boolean patient) throws IOException {
        int length = content.remaining();
        status = code;
        if (length > 0) {
            exchange.getResponseHeaders().set("Content-Type", mediaType);
        }
        boolean more = patient && in != null && !in.ended();
        exchange.sendResponseHeaders(code, length > 0 ? length : more ? 0 : -1);
        try (OutputStream body = exchange.getResponseBody()) {
            if (length > 0) {
                body.write(content.array(), content.arrayOffset() + content.position(), length);
                content.position(content.limit());
                sent += length;
            }
            if (more) {
                body.flush();
                discardRest();
            }
        }
    }

    /**
     * Takes what is still to come of the request and throws it away. A sender that looks for an answer only when it has sent
     * everything would otherwise find its connection reset, and the answer lost with it.
     */
    private void discardRest() {
        CountedInput rest = in;
        if (rest == null || rest.ended()) {
            return;
        }
        try {
            rest.discard(UNREAD);
        } catch (IOException e) {
            // it ends here, or is more than it may be: whoever sends it has been told
        }
    }

    /**
     * Begins an answer that streams.
     *
     * @param mediaType of the content
     * @throws IOException if it cannot be sent
     */
    public void begin(String mediaType) throws IOException {
        status = 200;
        exchange.getResponseHeaders().set("Content-Type", mediaType);
        exchange.getResponseHeaders().set("Incremental", "?1"); // draft-ietf-ohai-chunked-ohttp, 3
        exchange.sendResponseHeaders(200, 0);
        out = exchange.getResponseBody();
    }

    /**
     * Sends the next piece of an answer that streams, at once.
     *
     * @param bytes where it is
     * @param from where it starts
     * @param length how long it is
     * @throws IOException if it cannot be sent
     */
    public void write(byte[] bytes, int from, int length) throws IOException {
        OutputStream body = out;
        if (body == null) {
            throw new IllegalStateException("the answer has not begun");
        }
        if (length > 0) {
            body.write(bytes, from, length);
            body.flush();
            sent += length;
        }
    }

    /**
     * The same.
     *
     * @param piece a heap buffer; used up
     * @throws IOException if it cannot be sent
     */
    public void write(ByteBuffer piece) throws IOException {
        write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        piece.position(piece.limit());
    }

    /**
     * Ends an answer that streams.
     *
     * @throws IOException if it cannot be sent
     */
    public void end() throws IOException {
        if (out != null) {
            discardRest();
            out.close();
        }
    }

    /**
     * Drops the connection under an answer that streams: with the JDK's server, writing in an interrupted thread closes it for
     * whoever else blocks on it.
     */
    void breakOff() {
        OutputStream body = out;
        if (body != null) {
            Thread.currentThread().interrupt();
            try {
                body.write(0);
                body.flush();
            } catch (IOException e) {
                // that is what it is for
            }
        }
    }

    /**
     * What was answered.
     *
     * @return the status; 0 if nothing was
     */
    public int status() {
        return status;
    }

    /**
     * What was received.
     *
     * @return bytes of content
     */
    public long received() {
        return in == null ? 0 : in.count();
    }

    /**
     * What was sent.
     *
     * @return bytes of content
     */
    public long sent() {
        return sent;
    }

    /**
     * How long it has taken.
     *
     * @return since this was made
     */
    public Duration duration() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
