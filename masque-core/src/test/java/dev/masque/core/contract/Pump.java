package dev.masque.core.contract;

import dev.masque.core.spi.HttpStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Writes a long text in pieces of random size, as fast as the stream takes it. Runs on the stream's executor. */
final class Pump {
    private static final int FLUSH_EVERY = 4;

    private final byte[] text;
    private final SplittableRandom random;
    private int position;

    Pump(byte[] text, SplittableRandom random) {
        this.text = text;
        this.random = random;
    }

    static byte[] text(SplittableRandom random, int size) {
        byte[] text = new byte[size];
        random.nextBytes(text);
        return text;
    }

    /** Goes on where it stopped. */
    void run(HttpStream stream) {
        int pieces = 0;
        while (position < text.length) {
            int most = random.nextInt(8) == 0 ? 60_000 : 2_000;
            int size = Math.min(text.length - position, 1 + random.nextInt(most));
            boolean more = stream.write(ByteBuffer.wrap(text, position, size));
            position += size;
            if (++pieces % FLUSH_EVERY == 0) {
                stream.flush();
            }
            if (!more) {
                stream.flush();
                return;
            }
        }
        stream.end();
    }

    /** A handler that writes all of it, and takes what comes. */
    static final class Writer extends Recorder {
        private final Pump pump;
        private HttpStream stream;

        @SuppressWarnings("NullAway.Init") // by start
        Writer(Pump pump) {
            this.pump = pump;
        }

        void start(HttpStream taken) {
            taken.executor().execute(() -> {
                stream = taken;
                pump.run(taken);
            });
        }

        @Override
        protected void onWritable() {
            pump.run(stream);
        }
    }
}
