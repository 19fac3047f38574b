package dev.masque.ohttp.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream that is counted and limited. Belongs to one thread at a time; the count may be read by others. */
public final class CountedInput extends InputStream {
    private final InputStream in;
    private final long limit;
    private final int refusal;
    private final Runnable progress;
    private volatile long count;

    /**
     * Counts and limits a stream.
     *
     * @param in the stream
     * @param limit how many bytes it may have
     * @param refusal the status of the {@link StatusException} that is thrown when there are more
     * @param progress run whenever something arrived
     */
    public CountedInput(InputStream in, long limit, int refusal, Runnable progress) {
        this.in = in;
        this.limit = limit;
        this.refusal = refusal;
        this.progress = progress;
    }

    /**
     * How much has been read.
     *
     * @return in bytes
     */
    public long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int read = in.read(bytes, from, length);
        if (read > 0) {
            long now = count + read;
            count = now;
            if (now > limit) {
                throw new StatusException(refusal);
            }
            progress.run();
        }
        return read;
    }

    /**
     * Reads to the end.
     *
     * @return all of it; never more than the limit
     * @throws IOException if that fails, or there is more than the limit
     */
    public ByteBuffer readWhole() throws IOException {
        return ByteBuffer.wrap(readAllBytes());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
