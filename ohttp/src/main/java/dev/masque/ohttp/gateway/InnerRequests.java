package dev.masque.ohttp.gateway;

import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.bhttp.BinaryHttpException;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.JavaHttp;
import dev.masque.ohttp.bhttp.RequestHead;
import dev.masque.ohttp.bhttp.ResponseHead;
import dev.masque.ohttp.exchange.Problem;
import dev.masque.ohttp.exchange.ProxyError;
import dev.masque.ohttp.exchange.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Decides about uncovered requests and has them answered. Whatever goes wrong from here on is an answer too, to be encapsulated
 * (RFC 9458, 5.2). Thread-safe.
 */
final class InnerRequests {
    private static final String NAME = "ohttp-gateway";

    private final Origins origins;
    private final ReplayFilter replays;
    private final Target target;
    private final Duration timeout;
    private final Clock clock;

    InnerRequests(Origins origins, ReplayFilter replays, Target target, Duration timeout, Clock clock) {
        this.origins = origins;
        this.replays = replays;
        this.target = target;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** The target's answer; the content has a length, or -1. */
    Target.Answer answer(RequestHead head, ByteBuffer encapsulatedKey, InputStream content, long length)
            throws IOException {
        URI uri;
        try {
            uri = JavaHttp.uri(head);
        } catch (IllegalArgumentException e) {
            throw new StatusException(400);
        }
        if (!origins.allows(uri)) {
            throw new StatusException(403);
        }
        if (head.fields().first("expect").isPresent()) { // RFC 9458, 5.1
            throw new StatusException(417);
        }
        replays.check(encapsulatedKey, head.fields());
        return target.call(new Target.Request(head, uri, content, length), timeout);
    }

    /** The answer when something went wrong. */
    Target.Answer failed(IOException failure) {
        if (failure instanceof StatusException refusal) {
            return refused(refusal);
        }
        if (failure instanceof BinaryHttpException invalid) {
            return refused(new StatusException(invalid.kind() == BinaryHttpException.Kind.TOO_LARGE ? 413 : 400));
        }
        if (failure instanceof OhttpException) { // of a later chunk
            return refused(new StatusException(400));
        }
        return refused(ProxyError.of(failure).refusal());
    }

    /** Says in Proxy-Status that it is not the target that refuses (RFC 9209). */
    private Target.Answer refused(StatusException refusal) {
        Problem problem = refusal.problem();
        Fields fields = Fields.of("proxy-status", refusal.error().member(NAME));
        if (problem != Problem.NONE) {
            fields = fields.with("content-type", Problem.MEDIA_TYPE);
        }
        if (refusal.status() == 503) {
            fields = fields.with(
                    "retry-after", Long.toString(Math.max(1, replays.relief().toSeconds())));
        }
        if (problem == Problem.DATE) { // RFC 9458, 6.5.2
            fields = fields.with(
                            "date",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    clock.instant().atOffset(ZoneOffset.UTC)))
                    .with("cache-control", "no-store");
        }
        return new Target.Answer(new ResponseHead(refusal.status(), fields), new BufferInput(problem.content()));
    }
}
