package dev.masque.ohttp.bhttp;

import dev.masque.ohttp.bhttp.BinaryHttpException.Kind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message that comes in pieces, cut anywhere, and hands on its parts, RFC 9292. Keeps control data and one field
 * section at most, within its limits, and no content. For one thread at a time.
 *
 * <pre>{@code
 * BinaryDecoder decoder = BinaryDecoder.ofResponse(sink, BinaryHttpLimits.DEFAULT);
 * while (more) {
 *     decoder.decode(piece);
 * }
 * decoder.end();
 * }</pre>
 */
public final class BinaryDecoder {
    private enum State {
        INDICATOR,
        CONTROL,
        HEADERS,
        CONTENT_LENGTH,
        CONTENT,
        TRAILERS,
        PADDING,
        OVER
    }

    private final @Nullable MessageSink<RequestHead> requests;
    private final @Nullable MessageSink<ResponseHead> responses;
    private final BinaryHttpLimits limits;
    private final PartReader parts = new PartReader();
    private final FieldSectionReader section;
    private final ControlReader control;
    private State state = State.INDICATOR;
    private boolean indeterminate;
    private int informational;
    private long declared = -1;
    private long total;
    private long left;
    private Fields trailers = Fields.empty();

    private BinaryDecoder(
            @Nullable MessageSink<RequestHead> requests,
            @Nullable MessageSink<ResponseHead> responses,
            BinaryHttpLimits limits) {
        this.requests = requests;
        this.responses = responses;
        this.limits = limits;
        section = new FieldSectionReader(limits, parts);
        control = new ControlReader(limits, parts);
    }

    /**
     * A decoder of a request.
     *
     * @param sink takes the parts
     * @param limits what is accepted
     * @return a decoder, for one message
     */
    public static BinaryDecoder ofRequest(MessageSink<RequestHead> sink, BinaryHttpLimits limits) {
        return new BinaryDecoder(sink, null, limits);
    }

    /**
     * A decoder of a response.
     *
     * @param sink takes the parts
     * @param limits what is accepted
     * @return a decoder, for one message
     */
    public static BinaryDecoder ofResponse(MessageSink<ResponseHead> sink, BinaryHttpLimits limits) {
        return new BinaryDecoder(null, sink, limits);
    }

    /**
     * Reads a piece to its end.
     *
     * @param in the piece, all of which is read
     * @throws BinaryHttpException if the message is invalid or over a limit
     * @throws IllegalStateException after {@link #end} or a throw
     */
    public void decode(ByteBuffer in) throws BinaryHttpException {
        if (state == State.OVER) {
            throw new IllegalStateException("the message is over");
        }
        State before = state;
        state = State.OVER; // should a throw end this
        while (before != State.OVER) {
            State after = step(before, in);
            if (after == before && !in.hasRemaining()) {
                break;
            }
            before = after;
        }
        state = before;
    }

    /**
     * Says that the input is over.
     *
     * @throws BinaryHttpException if a message cannot end here, or its content is not as long as it says
     * @throws IllegalStateException if called before, or after a throw
     */
    public void end() throws BinaryHttpException {
        State last = state;
        if (last == State.OVER) {
            throw new IllegalStateException("the message is over");
        }
        state = State.OVER;
        // RFC 9292, 3.8: only empty parts may be missing
        boolean whole = switch (last) {
            case HEADERS -> section.untouched() && headers(Fields.empty()) == State.CONTENT_LENGTH;
            case CONTENT_LENGTH -> !parts.inInteger() && (!indeterminate || total == 0);
            case TRAILERS -> section.untouched();
            default -> last == State.PADDING;
        };
        if (!whole) {
            throw new BinaryHttpException(Kind.TRUNCATED, "the message is cut short");
        }
        if (declared >= 0 && declared != total) { // RFC 9113, 8.1.1
            throw new BinaryHttpException(Kind.INVALID, "content is not as long as Content-Length says");
        }
        sink().end(trailers);
    }

    /** Goes on with the input; the same state again once the input is used up, or after content, field line or padding. */
    private State step(State at, ByteBuffer in) throws BinaryHttpException {
        return switch (at) {
            case INDICATOR -> parts.integer(in) ? indicator(parts.value()) : at;
            case CONTROL -> control.read(in) ? sectionNext(State.HEADERS) : at;
            case HEADERS -> section.read(in) ? headers(section.take()) : at;
            case CONTENT_LENGTH -> parts.integer(in) ? contentLength(parts.value()) : at;
            case CONTENT -> content(in);
            case TRAILERS -> {
                if (!section.read(in)) {
                    yield at;
                }
                trailers = section.take();
                yield State.PADDING;
            }
            case PADDING -> padding(in);
            case OVER -> throw new IllegalStateException("the message is over");
        };
    }

    private State indicator(long value) throws BinaryHttpException {
        if (value > 3 || (value & 1) == 1 != (responses != null)) { // 3.3
            throw new BinaryHttpException(Kind.INVALID, "not the framing indicator of this kind of message");
        }
        indeterminate = value >= 2;
        control.begin(responses != null);
        return State.CONTROL;
    }

    private State sectionNext(State next) {
        section.begin(indeterminate);
        return next;
    }

    private State headers(Fields fields) throws BinaryHttpException {
        if (requests != null) {
            RequestHead head = control.request(fields);
            declared = declaredLength(fields);
            requests.head(head);
        } else if (responses != null) {
            ResponseHead head = control.response(fields);
            if (head.informational()) {
                if (informational++ == limits.informational()) {
                    throw new BinaryHttpException(Kind.TOO_LARGE, "more informational responses than the limit");
                }
                responses.informational(head);
                control.begin(true);
                return State.CONTROL;
            }
            responses.head(head);
        }
        return State.CONTENT_LENGTH;
    }

    /** What a request's Content-Length says, -1 for none; a response to HEAD may have one and no content. */
    private static long declaredLength(Fields fields) throws BinaryHttpException {
        long length = -1;
        for (String value : fields.all("content-length").toList()) {
            if (length >= 0 || !value.matches("[0-9]{1,18}")) {
                throw new BinaryHttpException(Kind.INVALID, "not one Content-Length");
            }
            length = Long.parseLong(value);
        }
        return length;
    }

    private State contentLength(long length) throws BinaryHttpException {
        if (length == 0) {
            return sectionNext(State.TRAILERS);
        }
        if (length > limits.content() - total) {
            throw new BinaryHttpException(Kind.TOO_LARGE, "content over the limit");
        }
        total += length;
        left = length;
        return State.CONTENT;
    }

    private State content(ByteBuffer in) {
        int length = (int) Math.min(left, in.remaining());
        if (length > 0) {
            ByteBuffer piece = in.slice(in.position(), length).asReadOnlyBuffer();
            in.position(in.position() + length);
            left -= length;
            sink().content(piece);
        }
        if (left > 0) {
            return State.CONTENT;
        }
        return indeterminate ? State.CONTENT_LENGTH : sectionNext(State.TRAILERS);
    }

    private static State padding(ByteBuffer in) throws BinaryHttpException {
        while (in.hasRemaining()) {
            if (in.get() != 0) {
                throw new BinaryHttpException(Kind.INVALID, "padding that is not zero");
            }
        }
        return State.PADDING;
    }

    private MessageSink<?> sink() {
        MessageSink<?> sink = requests != null ? requests : responses;
        if (sink == null) {
            throw new IllegalStateException("no sink");
        }
        return sink;
    }
}
