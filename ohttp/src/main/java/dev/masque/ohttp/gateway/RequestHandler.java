package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.ChunkSealer;
import dev.masque.ohttp.GatewayExchange;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryEncoder;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.exchange.Abort;
import dev.masque.ohttp.exchange.CountedInput;
import dev.masque.ohttp.exchange.Exchanges;
import dev.masque.ohttp.exchange.RequestForm;
import dev.masque.ohttp.exchange.StatusException;
import dev.masque.ohttp.exchange.Tally;
import dev.masque.ohttp.exchange.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes encapsulated requests. What is wrong before a request opens is the status of the answer; what is wrong afterwards is
 * encapsulated in an answer with 200 (RFC 9458, 5.2). Thread-safe.
 */
final class RequestHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final int PIECE = 16 << 10;

    private final OhttpGatewayBuilder settings;
    private final KeyRing keys;
    private final InnerRequests inner;
    private final Exchanges exchanges;
    private final Watchdog watchdog;
    private final BinaryHttpLimits wholeLimits;
    private final BinaryHttpLimits streamLimits;

    RequestHandler(OhttpGatewayBuilder settings, KeyRing keys, InnerRequests inner, Exchanges exchanges) {
        this.settings = settings;
        this.keys = keys;
        this.inner = inner;
        this.exchanges = exchanges;
        this.watchdog = exchanges.watchdog();
        this.wholeLimits = BinaryHttpLimits.DEFAULT.withContent(settings.maxRequest);
        this.streamLimits = BinaryHttpLimits.DEFAULT.withContent(settings.maxStream);
    }

    @Override
    public void handle(HttpExchange exchange) {
        exchanges.handle(exchange, this::serve, this::tell);
    }

    private void serve(HttpExchange exchange, Tally tally, Abort abort) throws IOException {
        if (RequestForm.isChunked(exchange)) {
            stream(tally, abort);
        } else {
            whole(tally, abort);
        }
    }

    private void whole(Tally tally, Abort abort) throws IOException {
        ByteBuffer content;
        try (Watchdog.Watch reading = watchdog.watch(settings.timeout, abort)) {
            content = tally.readsWhole(settings.maxRequest);
        }
        GatewayExchange opened = keys.accepted().open(content);
        BinaryResponse response;
        try {
            BinaryRequest request = BinaryRequest.decode(opened.request(), wholeLimits);
            ByteBuffer body = request.content();
            try (Target.Answer answer =
                    inner.answer(request.head(), opened.encapsulatedKey(), new BufferInput(body), body.remaining())) {
                response = read(answer);
            }
        } catch (IOException e) {
            response = read(inner.failed(e));
        }
        ByteBuffer sealed = opened.seal(response.encode(Framing.KNOWN_LENGTH, settings.padding));
        try (Watchdog.Watch writing = watchdog.watch(settings.timeout, abort)) {
            tally.send(200, OhttpMediaTypes.RESPONSE, sealed);
        }
    }

    private BinaryResponse read(Target.Answer answer) throws IOException {
        long expected = CountedInput.expected(
                answer.head().fields().first("content-length").orElse(null));
        try (Watchdog.Watch reading = watchdog.watch(settings.timeout, () -> close(answer))) {
            try {
                return BinaryResponse.of(
                        answer.head(),
                        new CountedInput(answer.body(), settings.maxResponse, 502, () -> {}).readWhole(expected));
            } catch (IOException e) {
                throw reading.expired() ? new StatusException(504) : e;
            }
        }
    }

    private static void close(Target.Answer answer) {
        try {
            answer.close();
        } catch (IOException e) {
            LOG.debug("an answer does not close");
        }
    }

    private void stream(Tally tally, Abort abort) throws IOException {
        try (Watchdog.Watch whole = watchdog.watch(settings.streamTimeout, abort);
                Watchdog.Watch idle = watchdog.watch(settings.timeout, abort)) {
            Runnable progress = () -> idle.extend(settings.timeout);
            ChunkedRequest request =
                    new ChunkedRequest(tally.reads(settings.maxStream, progress), keys.accepted(), streamLimits);
            try (Target.Answer answer = answer(request, idle)) {
                abort.closes(answer);
                stream(answer, request.exchange().response(), tally, progress);
            }
        }
    }

    private Target.Answer answer(ChunkedRequest request, Watchdog.Watch idle) throws IOException {
        try {
            var head = request.head();
            long length = request.isEmpty() ? 0 : -1;
            idle.extend(settings.timeout.multipliedBy(2)); // the target has a time limit of its own
            ByteBuffer key = request.exchange().encapsulatedKey().orElseThrow();
            return inner.answer(head, key, request, length);
        } catch (IOException e) {
            IOException cause = request.failure() == null ? e : request.failure();
            if (!request.opened()) {
                throw cause;
            }
            return inner.failed(cause);
        }
    }

    private void stream(Target.Answer answer, ChunkSealer sealer, Tally tally, Runnable progress) throws IOException {
        BinaryEncoder encoder = BinaryEncoder.indeterminateLength();
        tally.begin(OhttpMediaTypes.CHUNKED_RESPONSE);
        tally.write(sealer.chunk(encoder.head(answer.head())));
        InputStream body = new CountedInput(answer.body(), settings.maxStream, 502, progress);
        byte[] piece = new byte[PIECE];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            tally.write(sealer.chunk(encoder.content(ByteBuffer.wrap(piece, 0, read))));
            progress.run();
        }
        tally.write(sealer.last(encoder.end(Fields.empty()))); // not reached when the answer was cut short
        tally.end();
    }

    private void tell(Tally tally) {
        settings.listener.exchanged(
                new GatewayEvent(settings.endpoint, tally.received(), tally.sent(), tally.status(), tally.duration()));
    }
}
