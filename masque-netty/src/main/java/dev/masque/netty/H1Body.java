package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Finds the content in what follows a head, RFC 9112, section 6. For one message and one thread. */
abstract class H1Body {
    /** Everything up to the end of the connection: a tunnel, or a response without a length. */
    static H1Body untilClose() {
        return new UntilClose();
    }

    /** A known number of bytes, 1 or more. */
    static H1Body ofLength(long length) {
        return new OfLength(length);
    }

    /** The chunked coding, RFC 9112, 7.1; trailers up to a size are read and dropped. */
    static H1Body chunked(int maxTrailers) {
        return new H1Chunked(maxTrailers);
    }

    /**
     * The next piece of content.
     *
     * @return a slice of {@code in}, not retained; null if more bytes are needed or the content is complete
     */
    @Nullable abstract ByteBuf next(ByteBuf in) throws H1Exception;

    /** Whether the content is complete. */
    abstract boolean isDone();

    /** Whether the end of the connection completes it. */
    boolean endsWithConnection() {
        return false;
    }

    private static final class UntilClose extends H1Body {
        @Override
        @Nullable ByteBuf next(ByteBuf in) {
            return in.isReadable() ? in.readSlice(in.readableBytes()) : null;
        }

        @Override
        boolean isDone() {
            return false;
        }

        @Override
        boolean endsWithConnection() {
            return true;
        }
    }

    private static final class OfLength extends H1Body {
        private long left;

        OfLength(long length) {
            this.left = length;
        }

        @Override
        @Nullable ByteBuf next(ByteBuf in) {
            int count = (int) Math.min(left, in.readableBytes());
            left -= count;
            return count == 0 ? null : in.readSlice(count);
        }

        @Override
        boolean isDone() {
            return left == 0;
        }
    }
}
