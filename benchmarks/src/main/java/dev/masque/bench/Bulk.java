package dev.masque.bench;

import dev.masque.core.spi.HttpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One tunnel, as fast as it goes, for some time. Stateless. */
final class Bulk {
    static final double MIB = 1 << 20;

    private static final Duration LEAD = Duration.ofMillis(200);
    private static final ByteBuffer CHUNK = ByteBuffer.allocateDirect(64 << 10);

    private Bulk() {}

    /** MiB/s from the source to the client. */
    static double download(ProxyClient client, Targets targets, double seconds) throws IOException {
        Tunnel tunnel = new Tunnel();
        HttpStream stream = client.openAndWait(targets.source(), tunnel);
        stream.resume();
        stream.write(ByteBuffer.allocate(Long.BYTES).putLong(0, Long.MAX_VALUE));
        stream.flush();
        return rate(tunnel, stream, tunnel::received, seconds);
    }

    /** MiB/s from the client to the sink. */
    static double upload(ProxyClient client, Targets targets, double seconds) throws IOException {
        Pump pump = new Pump(Long.MAX_VALUE);
        HttpStream stream = client.openAndWait(targets.sink(), pump);
        stream.executor().execute(() -> pump.start(stream));
        return rate(pump, stream, targets::sunk, seconds);
    }

    /** MiB/s of a transfer to its end that began then; fails if not all of it came. */
    static double rate(long bytes, long moved, long began) throws IOException {
        if (moved != bytes) {
            throw new IOException(moved + " bytes came of " + bytes);
        }
        return bytes / MIB / ((System.nanoTime() - began) / 1e9);
    }

    private static double rate(Tunnel tunnel, HttpStream stream, LongSupplier counter, double seconds)
            throws IOException {
        Programs.pause(LEAD);
        long began = System.nanoTime();
        long before = counter.getAsLong();
        Programs.pause(Duration.ofNanos((long) (seconds * 1e9)));
        long moved = counter.getAsLong() - before;
        double took = (System.nanoTime() - began) / 1e9;
        stream.reset(Tunnel.DONE);
        ProxyClient.await(tunnel.closed());
        if (moved == 0) {
            throw new IOException("nothing moved in " + took + " s");
        }
        return moved / MIB / took;
    }

    /** Writes while there is room. */
    static class Pump extends Tunnel {
        private long left;

        @org.jspecify.annotations.Nullable private HttpStream stream;

        Pump(long bytes) {
            this.left = bytes;
        }

        /** On the stream's executor. */
        void start(HttpStream to) {
            stream = to;
            writable();
        }

        @Override
        public void writable() {
            HttpStream to = stream;
            if (to == null) {
                return;
            }
            while (left > 0 && to.isWritable()) {
                int count = (int) Math.min(left, CHUNK.capacity());
                left -= count;
                to.write(CHUNK.duplicate().limit(count));
            }
            if (left == 0) {
                left = -1;
                to.end();
            } else {
                to.flush();
            }
        }
    }
}
