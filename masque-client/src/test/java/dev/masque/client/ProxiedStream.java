package dev.masque.client;

import dev.masque.core.contract.Recorder;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The proxy's end of a stream, with what the proxy can do on it. */
final class ProxiedStream {
    final CompletableFuture<Void> clientEnded = new CompletableFuture<>();

    /** What the client reset the stream with, if it did. */
    final CompletableFuture<ResetReason> clientReset = new CompletableFuture<>();

    private final HttpStream stream;
    private final ProxiedSession session;
    private final Events events = new Events();
    private volatile Consumer<ByteBuffer> onData = data -> {};
    private volatile Consumer<ByteBuffer> onDatagram = payload -> {};
    private volatile Runnable onEnd = () -> {};

    private final class Events extends Recorder {
        @Override
        protected void onData(ByteBuffer data) {
            onData.accept(data);
        }

        @Override
        protected void onDatagram(ByteBuffer payload) {
            onDatagram.accept(payload);
        }

        @Override
        protected void onDataComplete() {
            stream.flush();
        }

        @Override
        protected void onWritable() {
            stream.resume();
        }

        @Override
        protected void onEnd() {
            clientEnded.complete(null);
            onEnd.run();
        }

        @Override
        protected void onClosed() {
            StreamFailure failure = awaitClosed();
            if (failure != null && failure.remote()) {
                clientReset.complete(failure.reason());
            }
        }
    }

    ProxiedStream(HttpStream stream, ProxiedSession session) {
        this.stream = stream;
        this.session = session;
    }

    Recorder events() {
        return events;
    }

    RequestHead request() {
        return stream.request();
    }

    ProxiedSession session() {
        return session;
    }

    /** What has arrived. */
    byte[] arrived() {
        return events.awaitBytes(0);
    }

    List<byte[]> datagrams() {
        return events.datagrams();
    }

    boolean isOver() {
        return events.isClosed();
    }

    void acceptAndEcho() {
        onData = data -> {
            if (!stream.write(data)) {
                stream.flush();
                stream.pause();
            }
        };
        onDatagram = stream::sendDatagram;
        onEnd = stream::end;
        respond(200);
    }

    void acceptAndEndWithTheClient() {
        onEnd = stream::end;
        respond(200);
    }

    ProxiedStream accept() {
        return respond(200);
    }

    /** After a final response the proxy takes what comes. */
    ProxiedStream respond(int status, String... fields) {
        ResponseHead head = new ResponseHead(status, HeaderFields.of(fields));
        stream.respond(head);
        if (!head.isInformational()) {
            stream.resume();
        }
        return this;
    }

    void refuse(int status, String... fields) {
        respond(status, fields);
        replyEnd();
    }

    void reply(byte[] data) {
        stream.write(ByteBuffer.wrap(data));
        stream.flush();
    }

    /** Sends until the client has taken nothing for a moment; gives how many bytes that were. */
    int replyUntilStopped() {
        int sent = 0;
        while (isWritableSoon()) {
            reply(new byte[8 << 10]);
            sent += 8 << 10;
            if (sent > 64 << 20) {
                throw new AssertionError("nothing stops the proxy");
            }
        }
        return sent;
    }

    private boolean isWritableSoon() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        while (!stream.isWritable() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return stream.isWritable();
    }

    void replyEnd() {
        stream.end();
    }

    void datagram(byte[] payload) {
        stream.sendDatagram(ByteBuffer.wrap(payload));
        stream.flush();
    }

    void flush() {
        stream.flush();
    }

    void resets(ResetReason reason) {
        stream.reset(reason);
    }

    /** From the return on, the proxy takes what comes, or does not. */
    void takes(boolean more) {
        if (more) {
            stream.resume();
        } else {
            CompletableFuture<Void> paused = new CompletableFuture<>();
            stream.executor().execute(() -> {
                stream.pause();
                paused.complete(null);
            });
            paused.join();
        }
    }
}
