package dev.masque.bench;

import dev.masque.core.spi.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tunnels, as fast as they go, for some time.
 *
 * @param subject the proxy
 * @param route the way through it
 * @param targets at the end of it
 */
record Bulk(Subject subject, Route route, Targets targets) implements Carrier {
    static final double MIB = 1 << 20;

    private static final Duration LEAD = Duration.ofMillis(200);
    private static final ByteBuffer CHUNK = ByteBuffer.allocateDirect(64 << 10);

    /**
     * A tunnel that stands.
     *
     * @param tunnel takes what comes
     * @param stream takes what is to go
     */
    private record Open(Tunnel tunnel, ByteStream stream) {}

    @Override
    public double download(int streams, double seconds) throws IOException {
        List<Open> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Tunnel tunnel = new Tunnel();
            ByteStream stream = route.openAndWait(Targets.Kind.SOURCE, tunnel);
            stream.write(ByteBuffer.allocate(Long.BYTES).putLong(0, Long.MAX_VALUE));
            stream.flush();
            all.add(new Open(tunnel, stream));
        }
        return rate(
                all,
                () -> all.stream().mapToLong(open -> open.tunnel().received()).sum(),
                seconds);
    }

    @Override
    public double upload(int streams, double seconds) throws IOException {
        List<Open> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Pump pump = new Pump(Long.MAX_VALUE);
            ByteStream stream = route.openAndWait(Targets.Kind.SINK, pump);
            stream.executor().execute(() -> pump.start(stream));
            all.add(new Open(pump, stream));
        }
        return rate(all, targets::sunk, seconds);
    }

    /** MiB/s of a transfer to its end that began then; fails if not all of it came. */
    static double rate(long bytes, long moved, long began) throws IOException {
        if (moved != bytes) {
            throw new IOException(moved + " bytes came of " + bytes);
        }
        return bytes / MIB / ((System.nanoTime() - began) / 1e9);
    }

    private double rate(List<Open> all, LongSupplier counter, double seconds) throws IOException {
        Programs.pause(LEAD);
        long began = System.nanoTime();
        long before = counter.getAsLong();
        Programs.pause(Duration.ofNanos((long) (seconds * 1e9)));
        long moved = counter.getAsLong() - before;
        double took = (System.nanoTime() - began) / 1e9;
        for (Open open : all) {
            open.stream().reset(Tunnel.DONE);
        }
        for (Open open : all) {
            ProxyClient.await(open.tunnel().closed());
        }
        if (moved == 0) {
            throw new IOException("nothing moved through " + subject.name() + " in " + took + " s");
        }
        return moved / MIB / took;
    }

    /** Writes while there is room. */
    static class Pump extends Tunnel {
        private long left;

        @Nullable private ByteStream stream;

        Pump(long bytes) {
            this.left = bytes;
        }

        /** On the stream's executor. */
        void start(ByteStream to) {
            stream = to;
            writable();
        }

        @Override
        public void writable() {
            ByteStream to = stream;
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
