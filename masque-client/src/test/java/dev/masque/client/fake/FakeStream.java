package dev.masque.client.fake;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client's end of a stream, with what the proxy can do on it. */
public final class FakeStream implements HttpStream {
    public final CompletableFuture<Void> clientEnded = new CompletableFuture<>();
    public final CompletableFuture<ResetReason> clientReset = new CompletableFuture<>();
    public final List<byte[]> datagrams = new CopyOnWriteArrayList<>();

    /** What has arrived at the proxy. */
    public final ByteArrayOutputStream arrived = new ByteArrayOutputStream();

    public volatile int largestDatagram = 1200;
    public volatile boolean paused = true;
    public volatile int pauses;

    private final RequestHead request;
    private final FakeSession session;
    private final Queue<ByteBuffer> toClient = new ArrayDeque<>();
    private final List<Runnable> unsent = new ArrayList<>();

    private Consumer<ByteBuffer> onData = data -> {};
    private Consumer<byte[]> onDatagram = data -> {};
    private Runnable onEnd = () -> {};
    private volatile boolean writable = true;
    private boolean endQueued;
    private boolean endDelivered;
    private boolean sentEnd;
    private volatile boolean over;

    @Nullable private StreamHandler handler;

    FakeStream(RequestHead request, FakeSession session) {
        this.request = request;
        this.session = session;
    }

    void handler(StreamHandler made) {
        handler = made;
    }

    private StreamHandler handler() {
        return Objects.requireNonNull(handler);
    }

    // what the proxy does

    public void acceptAndEcho() {
        onData = data -> reply(data);
        onDatagram = data -> datagram(data);
        onEnd = this::replyEnd;
        respond(200);
    }

    public void acceptAndEndWithTheClient() {
        onEnd = this::replyEnd;
        respond(200);
    }

    public FakeStream accept() {
        return respond(200);
    }

    public FakeStream respond(int status, String... fields) {
        session.run(() -> {
            if (!over) {
                handler().response(new ResponseHead(status, HeaderFields.of(fields)));
            }
        });
        return this;
    }

    public void refuse(int status, String... fields) {
        respond(status, fields);
        replyEnd();
    }

    public void reply(ByteBuffer data) {
        ByteBuffer copy =
                ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
        session.run(() -> {
            toClient.add(copy);
            deliver();
        });
    }

    public void reply(byte[] data) {
        reply(ByteBuffer.wrap(data));
    }

    public void replyEnd() {
        session.run(() -> {
            endQueued = true;
            deliver();
        });
    }

    public void datagram(byte[] payload) {
        session.run(() -> {
            if (!over) {
                handler().datagram(ByteBuffer.wrap(payload));
            }
        });
    }

    public void resets(ResetReason reason) {
        session.run(() -> finish(StreamFailure.remote(reason, reason.http2Code())));
    }

    public void takes(boolean more) {
        session.run(() -> {
            boolean before = writable;
            writable = more;
            if (more && !before) {
                handler().writable();
            }
        });
    }

    public void onData(Consumer<ByteBuffer> taker) {
        onData = taker;
    }

    private void deliver() {
        while (!paused && !over && !toClient.isEmpty()) {
            handler().data(toClient.remove());
        }
        if (!paused && !over && toClient.isEmpty() && endQueued && !endDelivered) {
            endDelivered = true;
            handler().end();
        }
        if (endDelivered && sentEnd) {
            finish(null);
        }
    }

    void finish(@Nullable StreamFailure failure) {
        if (!over) {
            over = true;
            session.ended(this);
            handler().closed(failure);
        }
    }

    public boolean isOver() {
        return over;
    }

    // what the client does

    /** What is not flushed never leaves. */
    private void send(Runnable effect) {
        synchronized (unsent) {
            unsent.add(effect);
        }
    }

    @Override
    public boolean write(ByteBuffer data) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
        send(() -> {
            if (!over && !sentEnd) {
                synchronized (arrived) {
                    arrived.write(copy.array(), 0, copy.limit());
                }
                onData.accept(copy);
            }
        });
        return writable;
    }

    @Override
    public void flush() {
        synchronized (unsent) {
            unsent.forEach(session::run);
            unsent.clear();
        }
    }

    @Override
    public void end() {
        send(() -> {
            if (!over && !sentEnd) {
                sentEnd = true;
                clientEnded.complete(null);
                onEnd.run();
                deliver();
            }
        });
        flush();
    }

    @Override
    public void reset(ResetReason reason) {
        session.run(() -> {
            if (!over) {
                clientReset.complete(reason);
                finish(StreamFailure.local(reason, null));
            }
        });
    }

    @Override
    public boolean isWritable() {
        return writable && !over;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // on the session's thread
    public void pause() {
        paused = true;
        pauses++;
    }

    @Override
    public void resume() {
        paused = false;
        session.run(this::deliver);
    }

    @Override
    public Executor executor() {
        return session.executor();
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public HttpSession session() {
        return session;
    }

    @Override
    public void respond(ResponseHead head) {
        throw new IllegalStateException("a client");
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(copy);
        send(() -> {
            datagrams.add(copy);
            onDatagram.accept(copy);
        });
        return true;
    }

    @Override
    public int maxDatagramSize() {
        return over ? 0 : largestDatagram;
    }
}
