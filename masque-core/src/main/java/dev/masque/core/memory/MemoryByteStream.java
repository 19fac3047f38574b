package dev.masque.core.memory;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a pair of streams. Bytes leave as far as the window of the other end allows; what it has read comes back as
 * credit. All but {@link #out} belongs to the executor; ends talk by tasks on each other's.
 */
abstract class MemoryByteStream implements ByteStream {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryByteStream.class);

    private final Serial executor;
    private final SendWindow window;
    private final Outbox out;
    private final ArrayDeque<ByteBuffer> held = new ArrayDeque<>(2);

    @Nullable private MemoryByteStream peer;

    @Nullable private ByteHandler handler;

    /** How the stream will have ended once the handler has all that arrived before. */
    @Nullable private StreamFailure ending;

    private int credit;
    private int unreturned;
    private boolean paused = true;
    private boolean deliveryAsked;
    private boolean touched;
    private boolean discarding;
    private boolean inputEnded;
    private boolean inputDone;
    private boolean outputDone;
    private boolean over;
    private boolean resetWhenSent;

    /** Whether the end came before the handler, and how. */
    private boolean untold;

    @Nullable private StreamFailure how;

    /** With {@code started} false, nothing leaves before {@link Outbox#start}. */
    MemoryByteStream(Serial executor, SendWindow window, boolean started) {
        this.executor = executor;
        this.window = window;
        this.out = new Outbox(started);
    }

    /** Connects two ends; the window is what each may send before the other has read it. */
    final void pair(MemoryByteStream other, int window, int windowOfOther) {
        peer = other;
        credit = window;
        other.peer = this;
        other.credit = windowOfOther;
    }

    /** A head arrived. */
    abstract void receivedHead(Object head);

    /** Whether data, or the end, may arrive now. */
    boolean expectsData() {
        return true;
    }

    /** Comes before the end of this side's direction leaves. */
    void beforeEnd() {}

    /** Comes after what could leave has left. */
    void drained() {}

    /** Both directions have ended, or the stream was reset; the handler may still have to hear of it. May come twice. */
    void wireClosed() {}

    /** The stream is over; the handler is told right after. */
    void finished() {}

    /** The handler has been told that the stream is over, and nothing is left to send. */
    void ended() {}

    /** The code that a peer sees. */
    long code(ResetReason reason) {
        return -1;
    }

    /** What a peer makes of that code. */
    ResetReason seenAs(ResetReason reason) {
        return ResetReason.CONNECT_ERROR;
    }

    final MemoryByteStream peer() {
        return Objects.requireNonNull(peer);
    }

    final Outbox out() {
        return out;
    }

    final void handler(ByteHandler made) {
        handler = made;
        if (untold) {
            untold = false;
            executor.execute(() -> tellClosed(how));
        }
    }

    final boolean isOver() {
        return over;
    }

    /** Whether the stream only waits for its handler to take what arrived. */
    final boolean isWireClosed() {
        return ending != null || inputEnded && outputDone;
    }

    final boolean isInputEnded() {
        return inputEnded;
    }

    @Override
    public final Serial executor() {
        return executor;
    }

    @Override
    public boolean write(ByteBuffer data) {
        return out.write(data);
    }

    @Override
    public final void flush() {
        if (out.askFlush()) {
            executor.execute(this::drainOut);
        }
    }

    @Override
    public final void end() {
        if (out.end()) {
            flush();
        }
    }

    @Override
    public final boolean isWritable() {
        return out.isWritable();
    }

    @Override
    public final void pause() {
        executor.run(() -> paused = true);
    }

    @Override
    public final void resume() {
        executor.run(() -> {
            paused = false;
            if (!deliveryAsked) {
                deliveryAsked = true;
                executor.execute(this::deliverHeld); // not from here: the caller may be inside a callback
            }
        });
    }

    @Override
    public final void reset(ResetReason reason) {
        executor.run(() -> resetNow(reason, null));
    }

    final void resetNow(ResetReason reason, @Nullable Throwable cause) {
        if (over) {
            return;
        }
        StreamFailure failure = StreamFailure.local(reason, cause);
        if (reason == ResetReason.NO_ERROR && out.isEnded() && !outputDone) {
            resetWhenSent = true; // the peer gets what was ended properly, then learns that nobody reads
            finish(failure);
            drainOut();
            return;
        }
        out.close();
        boolean tell = !isWireClosed();
        finish(failure);
        if (tell) {
            sendReset(reason);
        }
    }

    final void sendReset(ResetReason reason) {
        MemoryByteStream to = peer();
        StreamFailure seen = StreamFailure.remote(seenAs(reason), code(reason));
        to.executor.execute(() -> to.resetReceived(seen));
    }

    private void resetReceived(StreamFailure failure) {
        if (over || isWireClosed()) {
            return;
        }
        out.close();
        if (failure.reason() == ResetReason.NO_ERROR && inputEnded && !inputDone) {
            ending = failure;
            wireClosed();
        } else {
            finish(failure);
        }
    }

    /** The stream is lost, unless it only waits for its handler. */
    final void lost(@Nullable Throwable cause) {
        if (!isWireClosed()) {
            fail(StreamFailure.local(ResetReason.SESSION_LOST, cause));
        }
    }

    final void fail(StreamFailure failure) {
        out.close();
        finish(failure);
        if (resetWhenSent) {
            resetWhenSent = false;
            executor.execute(this::ended);
        }
    }

    private void finish(@Nullable StreamFailure failure) {
        if (over) {
            return;
        }
        over = true;
        for (ByteBuffer data : held) {
            unreturned += data.remaining();
        }
        held.clear();
        giveBack();
        wireClosed();
        finished();
        executor.execute(() -> {
            tellClosed(failure);
            if (!resetWhenSent) {
                ended();
            }
        });
    }

    private void tellClosed(@Nullable StreamFailure failure) {
        ByteHandler last = handler;
        if (last == null) {
            untold = true;
            how = failure;
            return;
        }
        try {
            last.closed(failure);
        } catch (RuntimeException e) {
            LOG.debug("a handler failed", e);
        }
    }

    /** Sends what may leave. */
    final void drainOut() {
        out.flushStarts();
        MemoryByteStream to = peer();
        List<Object> burst = new ArrayList<>(2);
        while (true) {
            if (out.nextIsEnd()) {
                send(to, burst);
                burst = new ArrayList<>(1);
                beforeEnd();
            }
            Object item = out.poll((int) Math.min(credit, window.left()));
            if (item == null) {
                break;
            }
            if (item instanceof ByteBuffer data) {
                credit -= data.remaining();
                window.take(data.remaining());
            }
            outputDone |= item == Outbox.END;
            burst.add(item);
        }
        send(to, burst);
        if (isWireClosed()) {
            wireClosed();
        }
        drained();
        if (out.hasBytes() && credit > 0) {
            window.await(this);
        }
        afterSending();
    }

    private static void send(MemoryByteStream to, List<Object> burst) {
        if (!burst.isEmpty()) {
            to.executor.execute(() -> to.received(burst));
        }
    }

    private void afterSending() {
        if (resetWhenSent && outputDone) {
            resetWhenSent = false;
            if (!inputEnded) {
                sendReset(ResetReason.NO_ERROR);
            }
            executor.execute(this::ended);
        } else if (out.becameWritable()) {
            executor.execute(() -> {
                if (out.isWritable()) {
                    guarded(ByteHandler::writable);
                }
            });
        }
        finishIfDone();
    }

    private void received(List<Object> burst) {
        for (Object item : burst) {
            if (item instanceof ByteBuffer data) {
                receivedData(data);
            } else if (item == Outbox.END) {
                receivedEnd();
            } else {
                receivedHead(item);
            }
        }
        batchComplete();
        giveBack();
    }

    private void receivedData(ByteBuffer data) {
        if (!over && !discarding && !expectsData()) {
            resetNow(ResetReason.MALFORMED, null);
        }
        if (over || discarding) {
            unreturned += data.remaining();
        } else if (paused || !held.isEmpty()) {
            held.add(data);
        } else {
            deliver(data);
        }
    }

    private void receivedEnd() {
        if (over) {
            inputEnded = true;
            return;
        }
        if (!expectsData()) {
            resetNow(ResetReason.MALFORMED, null);
            return;
        }
        inputEnded = true;
        if (outputDone) {
            wireClosed();
        }
        deliverEnd();
    }

    /** From here on bytes that arrive are dropped, the end is not. */
    final void discardInput() {
        discarding = true;
    }

    /** The other end has read bytes. */
    private void returned(int bytes) {
        credit += bytes;
        window.add(bytes);
        drainOut();
    }

    private void giveBack() {
        int bytes = unreturned;
        if (bytes > 0) {
            unreturned = 0;
            MemoryByteStream to = peer();
            to.executor.execute(() -> to.returned(bytes));
        }
    }

    private void deliver(ByteBuffer data) {
        touched = true;
        unreturned += data.remaining();
        guarded(to -> to.data(data));
    }

    private void deliverHeld() {
        deliveryAsked = false;
        while (!paused && !over && !held.isEmpty()) {
            deliver(held.remove());
        }
        batchComplete();
        giveBack();
        deliverEnd();
    }

    private void deliverEnd() {
        if (inputEnded && !inputDone && !paused && !over && held.isEmpty()) {
            batchComplete();
            inputDone = true;
            guarded(ByteHandler::end);
            finishIfDone();
        }
    }

    private void finishIfDone() {
        if (inputDone && (outputDone || ending != null)) {
            finish(ending);
        }
    }

    final void touch() {
        touched = true;
    }

    final void batchComplete() {
        if (touched) {
            touched = false;
            guarded(ByteHandler::dataComplete);
        }
    }

    final void guarded(Consumer<ByteHandler> call) {
        ByteHandler to = handler;
        if (to == null || over) {
            return;
        }
        try {
            call.accept(to);
        } catch (RuntimeException e) {
            resetNow(ResetReason.INTERNAL_ERROR, e);
        }
    }
}
