package dev.masque.ohttp.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A stream that is counted and limited. Of several threads that read, one reads at a time. */
public final class CountedInput extends InputStream {
    private static final int PIECE = 16 << 10;
    private static final int LEAST = 1 << 10;
    private static final int LARGEST = 64 << 10;

    private final InputStream in;
    private volatile long limit;
    private final int refusal;
    private final Runnable progress;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long count;
    private volatile boolean ended;

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
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        try {
            if (count > limit) {
                throw tooLong();
            }
            int read = in.read(bytes, from, length);
            if (read > 0) {
                long now = count + read;
                count = now;
                if (now > limit) {
                    throw tooLong();
                }
                progress.run();
            } else if (read < 0) {
                ended = true;
            }
            return read;
        } finally {
            lock.unlock();
        }
    }

    private StatusException tooLong() {
        return refusal == 502 ? ProxyError.HTTP_RESPONSE_BODY_SIZE.refusal() : new StatusException(refusal);
    }

    /**
     * Whether its end was read.
     *
     * @return false if there may be more
     */
    boolean ended() {
        return ended;
    }

    /**
     * Reads on to the end and keeps nothing.
     *
     * @param beyond how far over the limit
     * @throws IOException if that fails, or there is more
     */
    void discard(long beyond) throws IOException {
        limit = limit + beyond < 0 ? Long.MAX_VALUE : limit + beyond;
        byte[] piece = new byte[PIECE];
        while (read(piece, 0, piece.length) >= 0) {
            // no use for it
        }
    }

    /**
     * How much there is to come.
     *
     * @param contentLength what the message says, or null
     * @return bytes; 0 if it does not say
     */
    public static long expected(@Nullable String contentLength) {
        try {
            return contentLength == null ? 0 : Long.parseLong(contentLength);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Reads to the end.
     *
     * @param expected what there is to come, as far as that is known
     * @return all of it, in a heap buffer; never more than the limit
     * @throws IOException if that fails, or there is more than the limit
     */
    public ByteBuffer readWhole(long expected) throws IOException {
        byte[] bytes = new byte[1 + (int) Math.max(0, Math.min(expected, LARGEST))]; // one more, to read the end into
        int length = 0;
        for (int read = read(bytes, 0, bytes.length); read >= 0; read = read(bytes, length, bytes.length - length)) {
            length += read;
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(LEAST, 2 * length));
            }
        }
        return ByteBuffer.wrap(bytes, 0, length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
