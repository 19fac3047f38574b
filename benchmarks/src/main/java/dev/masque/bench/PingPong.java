package dev.masque.bench;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends 64 bytes to the echo, waits for them, and sends again. */
final class PingPong extends Tunnel {
    private static final int SIZE = 64;

    private final ByteBuffer ball = ByteBuffer.allocateDirect(SIZE);

    @Nullable private volatile ByteStream stream;

    private CompletableFuture<long[]> result = new CompletableFuture<>();
    private long[] times = new long[1 << 20];
    private int count;
    private int missing;
    private long until;
    private long sent;

    /** Opens a tunnel for it. */
    static PingPong on(Route route) throws IOException {
        PingPong made = new PingPong();
        made.stream = route.openAndWait(Targets.Kind.ECHO, made);
        return made;
    }

    /** Plays for some time; nanoseconds there and back, the shortest first. */
    long[] play(double seconds) throws IOException {
        ByteStream to = stream;
        if (to == null) {
            throw new IllegalStateException("not started");
        }
        CompletableFuture<long[]> now = new CompletableFuture<>();
        to.executor().execute(() -> {
            result = now;
            count = 0;
            if (closed().isDone()) {
                now.completeExceptionally(new IOException("the tunnel had ended"));
                return;
            }
            until = System.nanoTime() + (long) (seconds * 1e9);
            ping(to);
        });
        long[] all = ProxyClient.await(now);
        Arrays.sort(all);
        return all;
    }

    /** Ends the tunnel. */
    void stop() {
        ByteStream to = stream;
        if (to != null) {
            to.reset(DONE);
        }
    }

    /** What so large a share took at most, in microseconds. */
    static double micros(long[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e3;
    }

    private void ping(ByteStream to) {
        missing = SIZE;
        sent = System.nanoTime();
        to.write(ball.duplicate());
        to.flush();
    }

    @Override
    public void data(ByteBuffer data) {
        ByteStream to = stream;
        missing -= data.remaining();
        if (missing > 0 || to == null) {
            return;
        }
        long now = System.nanoTime();
        times[count++] = now - sent;
        if (now >= until || count == times.length) {
            result.complete(Arrays.copyOf(times, count));
        } else {
            ping(to);
        }
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        super.closed(failure);
        result.completeExceptionally(new IOException("the tunnel ended: " + failure));
    }
}
