package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Records what a stream tells its handler. */
final class Events implements StreamHandler {
    static final String END = "end";
    static final String WRITABLE = "writable";

    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    record Closed(@Nullable StreamFailure failure) {}

    static Events on(HttpStream stream) {
        stream.resume();
        return new Events();
    }

    @Override
    public void response(ResponseHead head) {
        queue.add(head);
    }

    @Override
    public synchronized void data(ByteBuffer data) {
        while (data.hasRemaining()) {
            bytes.write(data.get());
        }
        notifyAll();
    }

    @Override
    public void datagram(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(copy);
        queue.add(copy);
    }

    @Override
    public void end() {
        queue.add(END);
    }

    @Override
    public void writable() {
        queue.add(WRITABLE);
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        queue.add(new Closed(failure));
    }

    Object next() throws InterruptedException {
        Object event = queue.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return java.util.Objects.requireNonNull(event);
    }

    @Nullable StreamFailure failure() throws InterruptedException {
        return next(Closed.class, closed -> true).failure();
    }

    <T> T next(Class<T> type, Predicate<T> which) throws InterruptedException {
        while (true) {
            Object event = next();
            if (type.isInstance(event) && which.test(type.cast(event))) {
                return type.cast(event);
            }
        }
    }

    ResponseHead response() throws InterruptedException {
        return next(ResponseHead.class, head -> true);
    }

    boolean isQuiet() {
        return queue.isEmpty();
    }

    synchronized String awaitBytes(int count) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (bytes.size() < count && System.nanoTime() < deadline) {
            wait(100);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    synchronized int count() {
        return bytes.size();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
