package dev.masque.kwik;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.Heads;
import dev.masque.core.http3.MessageReader;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.wire.QpackEncoder;
import dev.masque.core.wire.UdpContext;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicStream;

/** One request stream, RFC 9114, 4. What is neither {@code volatile} nor final belongs to the session's executor. */
final class H3Stream implements HttpStream, StreamReader.Sink, StreamWriter.Events, MessageReader.Events {
    private final H3Session session;
    private final QuicStream quic;
    private final StreamReader reader;
    private final StreamWriter writer;
    private final MessageReader messages;
    private final ArrayDeque<ByteBuffer> arrived = new ArrayDeque<>(2);

    @Nullable private StreamHandler handler;

    @Nullable private volatile RequestHead request;

    private volatile boolean paused = true;
    private volatile boolean over;
    private volatile boolean responded;
    private volatile boolean accepted;
    private boolean wasReset;
    private boolean inBatch;
    private boolean noMoreArrives;
    private boolean inputEnded;
    private boolean outputEnded;

    /** How it ends when both sides have: not whole if the peer wanted no more of what we send. */
    @Nullable private StreamFailure ending;

    /** A stream of ours, or with a null head one of the peer's. */
    H3Stream(H3Session session, QuicStream quic, @Nullable RequestHead head) {
        this.session = session;
        this.quic = quic;
        this.request = head;
        this.reader = new StreamReader(quic, session.executor(), this);
        this.writer = new StreamWriter(session.connection(), quic, session.pool(), this);
        int limit = session.limits().maxFieldSectionSize();
        this.messages =
                head == null ? MessageReader.ofRequest(limit, this) : MessageReader.ofResponse(head, limit, this);
    }

    /** Sends the request and starts to read. */
    void begin(RequestHead head, StreamHandler to) {
        handler = to;
        writer.frame(H3.HEADERS, QpackEncoder.encode(Heads.encode(head)));
        writer.flush();
        read();
    }

    void read() {
        session.pool().execute(reader);
    }

    int id() {
        return quic.getStreamId();
    }

    /** Whether all that was written has left, so that only reading remains. */
    boolean isWritten() {
        return outputEnded;
    }

    /** Whether kwik's side of it still holds a thread. */
    boolean isQuiet() {
        return reader.isDone() && writer.isDone();
    }

    /** Makes threads that kwik may have forgotten look at the state of the stream. */
    void nudge() {
        if (over) {
            reader.nudge();
            writer.nudge();
        }
    }

    /** Ends a read of what will not come. */
    void abortReading() {
        if (!reader.isDone()) {
            quic.abortReading(H3.REQUEST_REJECTED);
        }
    }

    /** No thread uses kwik's side any more. */
    void settled() {
        if (wasReset) {
            Kwik.forgetFlowControl(quic);
        }
    }

    /** Whether the request is known, so that datagrams have somewhere to go. */
    boolean isKnown() {
        return request != null;
    }

    @Override
    public RequestHead request() {
        RequestHead head = request;
        if (head == null) {
            throw new IllegalStateException("the request has not arrived");
        }
        return head;
    }

    @Override
    public H3Session session() {
        return session;
    }

    @Override
    public Executor executor() {
        return session.executor();
    }

    @Override
    public boolean write(ByteBuffer data) {
        return writer.write(data);
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public void end() {
        writer.end();
    }

    @Override
    public boolean isWritable() {
        return writer.isWritable();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        session.executor().execute(this::deliver);
    }

    @Override
    public void respond(ResponseHead head) {
        if (!session.isServer()) {
            throw new IllegalStateException("only a server responds");
        }
        if (responded) {
            throw new IllegalStateException("a final response was sent");
        }
        responded = !head.isInformational();
        accepted = head.isSuccess();
        writer.frame(H3.HEADERS, QpackEncoder.encode(Heads.encode(head)));
        writer.flush();
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        if (over || writer.isEnding() || payload.remaining() > maxDatagramSize()) {
            return false;
        }
        if (session.hasDatagrams()) {
            return session.datagrams().send(id(), payload);
        }
        return writer.capsule(payload);
    }

    @Override
    public int maxDatagramSize() {
        RequestHead head = request;
        if (head == null || !head.usesCapsules() || (session.isServer() && !accepted)) {
            return 0;
        }
        return session.hasDatagrams() ? session.datagrams().maxSize(id()) : UdpContext.MAX_UDP_PAYLOAD + 8;
    }

    @Override
    public void reset(ResetReason reason) {
        session.run(() -> refuse(reason.http3Code(), StreamFailure.local(reason, null)));
    }

    private void resetNow(long code, StreamFailure failure) {
        boolean inputOver = noMoreArrives;
        if (code != H3.NO_ERROR || !writer.isEnding()) { // else what was ended properly still reaches the peer
            stopWriting(code);
        }
        finish(failure);
        if (!inputOver && !session.isGone()) {
            Kwik.stopSending(session.connection(), id(), code);
        }
    }

    /** RESET_STREAM came. */
    void peerReset(long code) {
        if (!over && !noMoreArrives) {
            stopWriting(ResetReason.CANCEL.http3Code());
            finish(StreamFailure.remote(ResetReason.ofHttp3(code), code));
        }
    }

    private void stopWriting(long code) {
        if (session.isGone()) {
            writer.stop();
        } else {
            wasReset = true;
            writer.reset(code);
        }
    }

    /** STOP_SENDING is here; on kwik's thread, before kwik answers it. */
    void stopComes() {
        writer.kwikResets();
    }

    /** STOP_SENDING came, and kwik has answered it with a reset. */
    void peerStopped(long code) {
        if (over || outputEnded) {
            return;
        }
        writer.stop();
        wasReset = true;
        if (code == H3.NO_ERROR) { // RFC 9114, 4.1: a response may be whole without the rest of the request
            outputEnded = true;
            ending = StreamFailure.remote(ResetReason.NO_ERROR, code);
            finishIfEnded();
            return;
        }
        boolean inputOver = noMoreArrives;
        finish(StreamFailure.remote(ResetReason.ofHttp3(code), code));
        if (!inputOver) {
            Kwik.stopSending(session.connection(), id(), ResetReason.CANCEL.http3Code());
        }
    }

    /** The connection is gone. */
    void abandon(StreamFailure failure) {
        finish(failure);
        writer.stop();
    }

    /** Ends a stream that nobody looked at, or will look at. */
    void refuse(long code, StreamFailure failure) {
        if (!over) {
            resetNow(code, failure);
        }
    }

    @Override
    public void arrived(ByteBuffer data) {
        if (!over) {
            arrived.add(data);
            deliver();
        }
    }

    @Override
    public void ended() {
        noMoreArrives = true;
        deliver();
        Kwik.flush(session.connection());
    }

    @Override
    public void broken() {
        session.streamBroken(this);
        Kwik.flush(session.connection());
    }

    private void deliver() {
        try {
            while (!over && !arrived.isEmpty()) {
                ByteBuffer data = arrived.element();
                messages.decode(data);
                if (data.hasRemaining()) {
                    break;
                }
                arrived.remove();
                reader.consumed();
            }
            endOfBatch();
            if (!over && noMoreArrives && arrived.isEmpty() && !inputEnded) {
                deliverEnd();
            }
        } catch (H3Exception e) {
            violated(e);
        }
    }

    private void deliverEnd() throws H3Exception {
        messages.end();
        if (!paused) {
            inputEnded = true;
            guarded(StreamHandler::end);
            finishIfEnded();
        }
    }

    private void violated(H3Exception e) {
        if (e.isOfConnection()) {
            session.fail(e);
        } else if (!over) {
            ResetReason reason = ResetReason.ofHttp3(e.code());
            resetNow(e.code(), StreamFailure.local(reason, e));
        }
    }

    @Override
    public void request(RequestHead head) {
        request = head;
        try {
            handler = session.requested(this);
        } catch (RuntimeException e) {
            reset(ResetReason.INTERNAL_ERROR); // nobody is there to be told, but the peer is
        }
    }

    @Override
    public void response(ResponseHead head) {
        guarded(to -> to.response(head));
    }

    @Override
    public void data(ByteBuffer data) {
        inBatch = true;
        guarded(to -> to.data(data));
    }

    /** An HTTP Datagram came, by whatever way. */
    @Override
    public void datagram(ByteBuffer payload) {
        RequestHead head = request;
        if (over || head == null || noMoreArrives) {
            return; // RFC 9297, 2.1: a stream whose receive side is closed
        }
        if (head.usesCapsules()) {
            inBatch = true;
            guarded(to -> to.datagram(payload));
        } else {
            violated(H3Exception.stream(H3.DATAGRAM_ERROR, "a datagram on a request without datagrams"));
        }
    }

    /** What came together has been delivered. */
    void endOfBatch() {
        if (inBatch) {
            inBatch = false;
            guarded(StreamHandler::dataComplete);
        }
    }

    @Override
    public void writable() {
        session.executor().execute(() -> {
            if (writer.isWritable()) {
                guarded(StreamHandler::writable);
            }
        });
    }

    @Override
    public void allWritten() {
        session.executor().execute(() -> {
            outputEnded = true;
            finishIfEnded();
        });
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    private void finishIfEnded() {
        if (inputEnded && outputEnded) {
            finish(ending);
        }
    }

    /** Ends the stream for the handler, in a task of its own, so that it is never called from inside itself. */
    private void finish(@Nullable StreamFailure failure) {
        if (over) {
            return;
        }
        over = true;
        arrived.clear();
        reader.discard();
        session.executor().execute(() -> {
            StreamHandler last = handler; // known by now, if the stream ended inside the call that makes it
            if (last != null) {
                last.closed(failure);
            }
        });
        session.finished(this);
    }

    private void guarded(Consumer<StreamHandler> call) {
        StreamHandler to = handler;
        if (to == null || over) {
            return;
        }
        try {
            call.accept(to);
        } catch (RuntimeException e) {
            if (!over) {
                resetNow(ResetReason.INTERNAL_ERROR.http3Code(), StreamFailure.local(ResetReason.INTERNAL_ERROR, e));
            }
        }
    }
}
