package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.wire.UdpContext;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What streams of all versions share: order, hand-over between threads, pausing, capsules, and one end. What is not
 * {@code volatile} belongs to the event loop.
 */
abstract class NettyStream implements HttpStream {
    static final int MAX_DATAGRAM = UdpContext.MAX_UDP_PAYLOAD + 8;

    private final NettySession session;
    private final RequestHead request;
    private final Outbox out;
    private final Inbox in;

    @Nullable private StreamHandler handler;

    /** Guarded by the session's lists. */
    boolean dirty;

    boolean touched;

    private boolean over;
    private boolean resetWhenSent;

    /** Set once the final response is asked for, on the server. */
    private volatile boolean responded;

    /** And is a 2xx. */
    private volatile boolean accepted;

    NettyStream(NettySession session, RequestHead request) {
        this.session = session;
        this.request = request;
        this.out = new Outbox(session.allocator(), session.isServer(), session.headroom());
        this.in = new Inbox(this, session, request);
    }

    /** Sends a head of this stream: a {@link RequestHead} or {@link ResponseHead}. */
    abstract void sendHead(Object head, boolean end);

    /** Sends bytes; takes the buffer, and calls {@link #sent} when they are with the system, with its capacity. */
    abstract void sendData(ByteBuf data, boolean end);

    /** Ends this side's direction. */
    abstract void sendEnd();

    /** Tells the peer of a reset. */
    abstract void sendReset(ResetReason reason);

    /** Bytes that were held have been delivered. */
    abstract void consumed(int bytes);

    /** Bytes that were held are not wanted any more: the stream is over. */
    void dropped(int bytes) {}

    /** The handler has the end of the input. */
    abstract void inputDelivered();

    /** Whether what waits may leave now. */
    boolean maySend() {
        return true;
    }

    /** Whether capsules may be sent now. */
    abstract boolean takesDatagrams();

    final void handler(StreamHandler handler) {
        this.handler = handler;
    }

    final Outbox out() {
        return out;
    }

    final boolean isOver() {
        return over;
    }

    final boolean isInputEnded() {
        return in.isEnded();
    }

    final boolean isInputDone() {
        return in.isDone();
    }

    final boolean isPaused() {
        return in.isPaused();
    }

    final boolean hasResponded() {
        return responded;
    }

    final boolean hasAccepted() {
        return accepted;
    }

    final int heldBytes() {
        return in.heldBytes();
    }

    @Override
    public final RequestHead request() {
        return request;
    }

    @Override
    public final HttpSession session() {
        return session;
    }

    @Override
    public final Executor executor() {
        return session.executor();
    }

    @Override
    public final boolean write(ByteBuffer data) {
        return out.write(data);
    }

    @Override
    public final void flush() {
        if (session.inLoop()) {
            session.markDirty(this);
        } else if (out.askFlush()) {
            session.onLoop(() -> session.markDirty(this));
        }
    }

    @Override
    public final void end() {
        if (out.end()) {
            flush();
        }
    }

    @Override
    public final void respond(ResponseHead head) {
        if (!session.isServer()) {
            throw new IllegalStateException("only a server responds");
        }
        if (responded) {
            throw new IllegalStateException("a final response was sent");
        }
        responded = !head.isInformational();
        accepted = head.isSuccess();
        out.head(head);
        flush();
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        if (payload.remaining() > maxDatagramSize()) {
            return false;
        }
        return out.datagram(payload, session.datagramBound());
    }

    @Override
    public int maxDatagramSize() {
        return in.hasCapsules() && takesDatagrams() ? MAX_DATAGRAM : 0;
    }

    @Override
    public final boolean isWritable() {
        return out.isWritable();
    }

    @Override
    public final void pause() {
        session.onLoop(() -> {
            in.pause();
            pauseChanged();
        });
    }

    @Override
    public final void resume() {
        session.onLoop(() -> {
            in.resume();
            pauseChanged();
            in.askDelivery();
        });
    }

    /** The stream was paused or resumed. */
    void pauseChanged() {}

    @Override
    public final void reset(ResetReason reason) {
        session.onLoop(() -> {
            if (!over) {
                resetNow(reason, StreamFailure.local(reason, null));
            }
        });
    }

    private void resetNow(ResetReason reason, StreamFailure failure) {
        if (reason == ResetReason.NO_ERROR && out.isEnded() && !out.isEmpty()) {
            finish(failure);
            resetWhenSent = true; // the peer gets what was ended properly, then learns that nobody reads
            session.markDirty(this);
            return;
        }
        out.close();
        finish(failure);
        sendReset(reason);
    }

    /** Takes bytes from the peer; the buffer stays the caller's. Returns how many were consumed now. */
    final int received(ByteBuf data) {
        return in.received(data);
    }

    /** The peer ended its direction. */
    final void receivedEnd() {
        in.receivedEnd();
    }

    /** A head from the peer, on the client. */
    final void receivedResponse(ResponseHead head) {
        in.discardIfRefused(head);
        guarded(to -> to.response(head));
    }

    /** From here on what arrives is dropped, except for its end. */
    final void discardInput() {
        in.discard();
    }

    /** What arrived is not what RFC 9297 allows. */
    final void violated(MalformedException problem) {
        resetNow(ResetReason.DATAGRAM_ERROR, StreamFailure.local(ResetReason.DATAGRAM_ERROR, problem));
    }

    /** Ends the stream for the handler, which is told in a task of its own, so that it is never called from inside itself. */
    final void finish(@Nullable StreamFailure failure) {
        if (over) {
            return;
        }
        over = true;
        in.close();
        session.later(() -> {
            StreamHandler last = handler; // known by now, if the stream ended inside the call that makes it
            try {
                if (last != null) {
                    last.closed(failure);
                }
            } catch (RuntimeException e) {
                session.complain(e);
            }
        });
        session.over(this);
    }

    /** The peer or the network ended the stream. */
    final void fail(StreamFailure failure) {
        out.close();
        finish(failure);
    }

    /** Sends what waits. */
    final void drainOut() {
        for (Object item = next(); item != null; item = next()) {
            if (item instanceof ByteBuf data) {
                sendData(data, out.pollEnd());
            } else if (item == Outbox.END) {
                sendEnd();
            } else {
                if (item instanceof ResponseHead head) {
                    in.discardIfRefused(head);
                }
                sendHead(item, out.pollEnd());
            }
        }
        if (resetWhenSent) {
            session.later(this::resetIfSent);
        }
    }

    @Nullable private Object next() {
        return maySend() ? out.poll() : null;
    }

    /** Bytes of {@link #sendData} are with the system, or lost. */
    final void sent(int capacity) {
        boolean writable = out.sent(capacity);
        if (resetWhenSent) {
            session.later(this::resetIfSent);
        } else if (writable && !over) {
            session.later(() -> {
                if (!over && out.isWritable()) {
                    guarded(StreamHandler::writable);
                }
            });
        }
    }

    private void resetIfSent() {
        if (resetWhenSent && out.isEmpty()) {
            resetWhenSent = false;
            sendReset(ResetReason.NO_ERROR);
        }
    }

    /** The read batch is over. */
    final void batchComplete() {
        if (!over) {
            guarded(StreamHandler::dataComplete);
        }
    }

    /** Calls the handler; one that throws costs its stream. */
    final void guarded(Call call) {
        StreamHandler to = handler;
        if (to == null || over) {
            return;
        }
        try {
            call.on(to);
        } catch (RuntimeException e) {
            if (!over) {
                resetNow(ResetReason.INTERNAL_ERROR, StreamFailure.local(ResetReason.INTERNAL_ERROR, e));
            }
        }
    }

    /** What the handler is told. */
    interface Call {
        void on(StreamHandler handler);
    }
}
