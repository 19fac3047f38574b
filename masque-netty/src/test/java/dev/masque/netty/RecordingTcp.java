package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.StreamFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Remembers what a connection said, and checks that it was said in a legal order on the right thread. */
class RecordingTcp implements ByteHandler {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    final AtomicLong count = new AtomicLong();
    final CountDownLatch ended = new CountDownLatch(1);
    final CountDownLatch writable = new CountDownLatch(1);
    final CompletableFuture<java.util.Optional<StreamFailure>> closed = new CompletableFuture<>();
    volatile boolean keep = true;
    final AtomicLong batches = new AtomicLong();

    @Override
    public synchronized void data(ByteBuffer data) {
        assertThat(closed).isNotDone();
        assertThat(ended.getCount()).isOne();
        count.addAndGet(data.remaining());
        if (keep) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            received.writeBytes(bytes);
        }
        notifyAll();
    }

    @Override
    public void dataComplete() {
        batches.incrementAndGet();
    }

    @Override
    public void end() {
        assertThat(closed).isNotDone();
        ended.countDown();
    }

    @Override
    public void writable() {
        writable.countDown();
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        closed.complete(java.util.Optional.ofNullable(failure));
    }

    synchronized String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    synchronized void awaitText(Predicate<String> condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.test(text())) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            assertThat(left).as("time for the expected text").isPositive();
            wait(left);
        }
    }

    @Nullable StreamFailure failure() throws Exception {
        return closed.get(10, TimeUnit.SECONDS).orElse(null);
    }
}
