package dev.masque.core.contract;

import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps what a stream's handler is told, and notes what it must never be told. */
public class Recorder implements StreamHandler {
    static final long PATIENCE_NANOS = 40_000_000_000L;

    private final List<String> violations = new ArrayList<>();
    private final List<ResponseHead> informational = new ArrayList<>();
    private final List<byte[]> datagrams = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Nullable private Thread inside;

    @Nullable private ResponseHead response;

    @Nullable private StreamFailure failure;

    private int batches;
    private int writables;
    private boolean dataSinceBatch;
    private boolean ended;
    private boolean closed;

    private synchronized void enter(String callback) {
        if (inside != null) {
            violations.add(callback + " while another callback runs");
        }
        if (closed) {
            violations.add(callback + " after closed");
        }
        inside = Thread.currentThread();
    }

    private synchronized void leave() {
        inside = null;
        notifyAll();
    }

    @Override
    public final void response(ResponseHead head) {
        enter("response");
        try {
            synchronized (this) {
                if (response != null) {
                    violations.add("response after the final one");
                }
                if (head.isInformational()) {
                    informational.add(head);
                } else {
                    response = head;
                }
            }
            onResponse(head);
        } finally {
            leave();
        }
    }

    @Override
    public final void data(ByteBuffer data) {
        enter("data");
        try {
            byte[] copy = copy(data.duplicate());
            synchronized (this) {
                if (ended) {
                    violations.add("data after the end");
                }
                bytes.writeBytes(copy);
                dataSinceBatch = true;
            }
            onData(data);
        } finally {
            leave();
        }
    }

    @Override
    public final void dataComplete() {
        enter("dataComplete");
        try {
            synchronized (this) {
                batches++;
                dataSinceBatch = false;
            }
            onDataComplete();
        } finally {
            leave();
        }
    }

    @Override
    public final void datagram(ByteBuffer payload) {
        enter("datagram");
        try {
            byte[] copy = copy(payload.duplicate());
            synchronized (this) {
                datagrams.add(copy);
                dataSinceBatch = true;
            }
            onDatagram(payload);
        } finally {
            leave();
        }
    }

    @Override
    public final void end() {
        enter("end");
        try {
            synchronized (this) {
                if (ended) {
                    violations.add("a second end");
                }
                ended = true;
            }
            onEnd();
        } finally {
            leave();
        }
    }

    @Override
    public final void writable() {
        enter("writable");
        try {
            synchronized (this) {
                writables++;
            }
            onWritable();
        } finally {
            leave();
        }
    }

    @Override
    public final void closed(@Nullable StreamFailure how) {
        enter("closed");
        try {
            synchronized (this) {
                if (how == null && !ended) {
                    violations.add("closed well without an end");
                }
                failure = how;
                closed = true;
            }
            onClosed();
        } finally {
            leave();
        }
    }

    /** What a test does in {@link #response}. */
    protected void onResponse(ResponseHead head) {}

    /** What a test does in {@link #data}. */
    protected void onData(ByteBuffer data) {}

    /** What a test does in {@link #dataComplete}. */
    protected void onDataComplete() {}

    /** What a test does in {@link #datagram}. */
    protected void onDatagram(ByteBuffer payload) {}

    /** What a test does in {@link #end}. */
    protected void onEnd() {}

    /** What a test does in {@link #writable}. */
    protected void onWritable() {}

    /** What a test does in {@link #closed}. */
    protected void onClosed() {}

    private static byte[] copy(ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        return copy;
    }

    private synchronized void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!holds.getAsBoolean() || inside != null && inside != Thread.currentThread()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no " + what + " in time; " + this);
            }
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    public synchronized ResponseHead awaitResponse() {
        await("response", () -> response != null || closed);
        if (response == null) {
            throw new AssertionError("closed without a response: " + failure);
        }
        return Objects.requireNonNull(response);
    }

    public synchronized byte[] awaitBytes(int count) {
        await(count + " bytes", () -> bytes.size() >= count || closed);
        return bytes.toByteArray();
    }

    public synchronized void awaitEnd() {
        await("end", () -> ended || closed);
        if (!ended) {
            throw new AssertionError("closed without an end: " + failure);
        }
    }

    public synchronized void awaitWritables(int count) {
        await("writable", () -> writables >= count);
    }

    @Nullable public synchronized StreamFailure awaitClosed() {
        await("closed", () -> closed);
        return failure;
    }

    public synchronized List<byte[]> awaitDatagrams(int count) {
        await(count + " datagrams", () -> datagrams.size() >= count);
        return List.copyOf(datagrams);
    }

    /** Waits until a batch is over and nothing came after it. */
    public synchronized void awaitBatch() {
        await("dataComplete", () -> batches > 0 && !dataSinceBatch);
    }

    public synchronized List<ResponseHead> informational() {
        return List.copyOf(informational);
    }

    public synchronized List<byte[]> datagrams() {
        return List.copyOf(datagrams);
    }

    public synchronized int count() {
        return bytes.size();
    }

    public synchronized int writables() {
        return writables;
    }

    public synchronized int batches() {
        return batches;
    }

    public synchronized boolean isEnded() {
        return ended;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    public synchronized boolean isAnswered() {
        return response != null;
    }

    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public synchronized String toString() {
        return "response " + (response == null ? "none" : response.status()) + ", " + bytes.size() + " bytes, "
                + datagrams.size() + " datagrams, ended " + ended + ", closed " + closed + " " + failure;
    }
}
