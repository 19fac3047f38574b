package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the chunked coding byte by byte where it is syntax and in slices where it is content. */
final class H1Chunked extends H1Body {
    private static final int MAX_SIZE_DIGITS = 8;
    private static final int MAX_EXTENSION = 256;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        CONTENT,
        CONTENT_CR,
        CONTENT_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        DONE
    }

    private State state = State.SIZE;
    private long left;
    private int digits;
    private int extension;
    private int trailersLeft;

    H1Chunked(int maxTrailers) {
        this.trailersLeft = maxTrailers;
    }

    @Override
    @Nullable ByteBuf next(ByteBuf in) throws H1Exception {
        while (in.isReadable() && state != State.DONE) {
            if (state == State.CONTENT) {
                int count = (int) Math.min(left, in.readableBytes());
                left -= count;
                if (left == 0) {
                    state = State.CONTENT_CR;
                }
                return in.readSlice(count);
            }
            syntax(in.readByte());
        }
        return null;
    }

    @Override
    boolean isDone() {
        return state == State.DONE;
    }

    private void syntax(byte b) throws H1Exception {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                expect(b, '\n');
                state = left == 0 ? State.TRAILER_START : State.CONTENT;
                digits = 0;
                extension = 0;
            }
            case CONTENT_CR -> {
                expect(b, '\r');
                state = State.CONTENT_LF;
            }
            case CONTENT_LF -> {
                expect(b, '\n');
                state = State.SIZE;
            }
            case TRAILER_START -> state = b == '\r' ? State.LAST_LF : trailer(b);
            case TRAILER -> state = b == '\r' ? State.TRAILER_LF : trailer(b);
            case TRAILER_LF -> {
                expect(b, '\n');
                state = State.TRAILER_START;
            }
            case LAST_LF -> {
                expect(b, '\n');
                state = State.DONE;
            }
            case CONTENT, DONE -> throw new IllegalStateException("no syntax here");
        }
    }

    private void size(byte b) throws H1Exception {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = left << 4 | digit;
            digits++;
        } else if (digits > 0 && b == '\r') {
            state = State.SIZE_LF;
        } else if (digits > 0 && b == ';') {
            state = State.EXTENSION;
        } else {
            throw new H1Exception(400, "chunk size is not valid");
        }
    }

    private void extension(byte b) throws H1Exception {
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if (b == '\n' || ++extension > MAX_EXTENSION) {
            throw new H1Exception(400, "chunk extension is not valid");
        }
    }

    private State trailer(byte b) throws H1Exception {
        if (b == '\n' || --trailersLeft < 0) {
            throw new H1Exception(400, "trailers are not valid or too large");
        }
        return State.TRAILER;
    }

    private static void expect(byte b, char wanted) throws H1Exception {
        if (b != wanted) {
            throw new H1Exception(400, "chunk is not valid");
        }
    }
}
