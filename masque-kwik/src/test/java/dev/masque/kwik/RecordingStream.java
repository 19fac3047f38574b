package dev.masque.kwik;

import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what a stream's handler is told. */
class RecordingStream implements StreamHandler {
    final CompletableFuture<ResponseHead> response = new CompletableFuture<>();
    final CompletableFuture<Boolean> end = new CompletableFuture<>();
    final CompletableFuture<@Nullable StreamFailure> closed = new CompletableFuture<>();
    final BlockingQueue<byte[]> datagrams = new ArrayBlockingQueue<>(100_000);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    @Override
    public void response(ResponseHead head) {
        if (!head.isInformational()) {
            response.complete(head);
        }
    }

    @Override
    public synchronized void data(ByteBuffer bytes) {
        data.writeBytes(copy(bytes));
        notifyAll();
    }

    @Override
    public void datagram(ByteBuffer payload) {
        datagrams.add(copy(payload));
    }

    @Override
    public void end() {
        end.complete(true);
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        closed.complete(failure);
        response.completeExceptionally(new AssertionError("no response: " + failure));
    }

    synchronized byte[] await(int length) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (data.size() < length && System.nanoTime() < deadline) {
            wait(100);
        }
        return data.toByteArray();
    }

    static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }
}
