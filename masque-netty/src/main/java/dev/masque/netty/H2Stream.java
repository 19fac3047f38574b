package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** A stream of an HTTP/2 session. */
final class H2Stream extends NettyStream {
    private final H2Session session;

    /** Netty's side of the stream; null on a client until the request leaves. */
    @Nullable private Http2Stream wire;

    /** How the stream ended on the wire, if it did not end well. */
    @Nullable private StreamFailure failure;

    /** Whether it counts against the peer's limit; on a client. */
    private boolean reserved;

    private boolean gone;
    private boolean headReceived;
    private boolean outputSent;

    H2Stream(H2Session session, RequestHead request) {
        super(session, request);
        this.session = session;
    }

    @Nullable Http2Stream wire() {
        return wire;
    }

    void wire(Http2Stream stream) {
        wire = stream;
    }

    void reserved() {
        reserved = true;
    }

    /** True if this stream counted against the peer's limit; it does so no more. */
    boolean takeReservation() {
        boolean was = reserved;
        reserved = false;
        return was;
    }

    /** Records why the wire closes the stream, ahead of {@link #wireClosed}. */
    void failure(StreamFailure why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** Whether the final response, or the request on a server, has arrived. */
    boolean isHeadReceived() {
        return headReceived;
    }

    void headReceived() {
        headReceived = true;
    }

    /** The head of a response, on a client. */
    void receivedHead(Http2Headers headers, boolean end) throws MalformedException {
        ResponseHead head = H2Heads.response(headers);
        if (head.isInformational() && end) {
            throw new MalformedException("an informational response that ends the stream");
        }
        if (!head.isInformational()) {
            headReceived();
        }
        receivedResponse(head);
    }

    boolean isGone() {
        return gone;
    }

    /** Netty has closed the stream. */
    void wireClosed(StreamFailure otherwise) {
        if (gone) {
            return;
        }
        gone = true;
        boolean ended = isInputEnded() && outputSent;
        if (failure == null && !ended) {
            failure = otherwise;
        }
        StreamFailure why = failure;
        if (why == null || why.reason() == ResetReason.NO_ERROR && isInputEnded()) {
            if (why != null) {
                out().close();
            }
            session.startsReading(this);
            finishIfDelivered();
        } else {
            fail(why);
        }
    }

    private void finishIfDelivered() {
        if (isInputDone()) {
            finish(failure);
        }
    }

    @Override
    void sendHead(Object head, boolean end) {
        outputSent |= end;
        if (head instanceof RequestHead request) {
            session.sendRequest(this, request, end);
        } else if (wire != null && !gone) {
            session.sendResponse(wire, (ResponseHead) head, end);
        }
    }

    @Override
    void sendData(ByteBuf data, boolean end) {
        if (wire == null || gone) {
            int capacity = data.capacity();
            data.release();
            sent(capacity);
        } else {
            outputSent |= end;
            session.sendData(this, wire, data, end);
        }
    }

    @Override
    void sendEnd() {
        outputSent = true;
        if (wire != null && !gone) {
            session.sendEnd(wire);
        }
    }

    @Override
    void sendReset(ResetReason reason) {
        session.reset(this, reason);
    }

    @Override
    void consumed(int bytes) {
        if (wire != null) {
            session.consume(wire, bytes);
        }
    }

    @Override
    void dropped(int bytes) {
        session.drop(bytes);
    }

    @Override
    void inputDelivered() {
        if (gone) {
            finish(failure);
        }
    }

    @Override
    boolean takesDatagrams() {
        return !session.isServer() || hasResponded();
    }
}
