package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.AeadSequence;
import dev.masque.ohttp.hpke.HpkeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Uncovers a message in chunks (draft-ietf-ohai-chunked-ohttp, 4 to 6) that may be cut anywhere on its way. Holds one chunk at
 * most, and of that what has arrived. Once it has thrown, it is of no more use. For one thread at a time.
 */
public final class ChunkOpener {
    /** What every implementation takes, in bytes of plaintext. */
    public static final int CHUNK = 16384;

    static final byte[] NOT_FINAL = {};
    static final byte[] FINAL = {'f', 'i', 'n', 'a', 'l'};

    private final Preamble preamble;
    private final ChunkSink sink;
    private final int maxSealed;
    private final byte[] varint = new byte[Long.BYTES];
    private @Nullable AeadSequence cipher;
    private State state = State.PREAMBLE;
    private byte[] held = new byte[64];
    private int filled;
    private int wanted;

    private enum State {
        PREAMBLE,
        LENGTH,
        CHUNK,
        FINAL_CHUNK,
        ENDED
    }

    /** What comes before the chunks. */
    interface Preamble {
        /** How many bytes to ask for first. */
        int length();

        /** The cipher, once enough is there; otherwise null, and {@link #length()} has grown. */
        @Nullable AeadSequence cipher(ByteBuffer bytes) throws OhttpException;
    }

    ChunkOpener(Preamble preamble, int maxChunk, ChunkSink sink) {
        if (maxChunk < CHUNK) {
            throw new IllegalArgumentException("chunks of " + CHUNK + " bytes must be taken");
        }
        this.preamble = preamble;
        this.sink = sink;
        this.maxSealed = maxChunk + Aead.TAG_LENGTH;
        this.wanted = preamble.length();
    }

    /**
     * Takes the next bytes of the message.
     *
     * @param in all of it is used up
     * @throws OhttpException if a chunk does not open, is empty without being the final one, or is too large
     * @throws IOException what the sink threw
     */
    public void decode(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            switch (state) {
                case PREAMBLE -> readPreamble(in);
                case LENGTH -> readLength(in);
                case CHUNK -> readChunk(in);
                case FINAL_CHUNK -> readFinalChunk(in);
                case ENDED -> throw new IllegalStateException("the message has ended");
            }
        }
    }

    /**
     * Takes the end of the message; delivers its final chunk.
     *
     * @throws OhttpException if the message is cut short, or its final chunk does not open
     * @throws IOException what the sink threw
     */
    public void end() throws IOException {
        if (state != State.FINAL_CHUNK) {
            throw new OhttpException(OhttpException.Kind.TRUNCATED, "the message ends before its final chunk");
        }
        state = State.ENDED;
        open(FINAL, held, 0, filled);
    }

    private void readPreamble(ByteBuffer in) throws OhttpException {
        fill(in);
        if (filled == wanted) {
            cipher = preamble.cipher(ByteBuffer.wrap(held, 0, filled));
            wanted = preamble.length();
            if (cipher != null) {
                expectLength();
            }
        }
    }

    private void expectLength() {
        state = State.LENGTH;
        filled = 0;
    }

    private void readLength(ByteBuffer in) throws OhttpException { // RFC 9000, 16
        varint[filled++] = in.get();
        int size = 1 << ((varint[0] & 0xff) >> 6);
        if (filled < size) {
            return;
        }
        long length = varint[0] & 0x3f;
        for (int i = 1; i < size; i++) {
            length = length << 8 | varint[i] & 0xff;
        }
        filled = 0;
        if (length == 0) {
            state = State.FINAL_CHUNK;
        } else if (length > maxSealed) {
            throw tooLarge();
        } else if (length <= Aead.TAG_LENGTH) {
            throw undecryptable(); // nothing inside: as good as a failure to open
        } else {
            state = State.CHUNK;
            wanted = (int) length;
        }
    }

    private void readChunk(ByteBuffer in) throws IOException {
        if (filled == 0 && in.hasArray() && in.remaining() >= wanted) {
            int from = in.arrayOffset() + in.position();
            in.position(in.position() + wanted);
            open(NOT_FINAL, in.array(), from, wanted);
            expectLength();
            return;
        }
        fill(in);
        if (filled == wanted) {
            open(NOT_FINAL, held, 0, filled);
            expectLength();
        }
    }

    private void readFinalChunk(ByteBuffer in) throws OhttpException {
        if (in.remaining() > maxSealed - filled) {
            throw tooLarge();
        }
        wanted = filled + in.remaining();
        fill(in);
    }

    /** Takes what is there of what is wanted; the array grows with what arrives. */
    private void fill(ByteBuffer in) {
        int length = Math.min(in.remaining(), wanted - filled);
        if (held.length < filled + length) {
            held = Arrays.copyOf(held, Math.max(filled + length, Math.min(wanted, 2 * held.length)));
        }
        in.get(held, filled, length);
        filled += length;
    }

    private void open(byte[] aad, byte[] in, int from, int length) throws IOException {
        if (cipher == null) {
            throw new IllegalStateException("a chunk before the preamble");
        }
        byte[] plain;
        try {
            plain = cipher.open(aad, in, from, length);
        } catch (HpkeException e) {
            throw undecryptable();
        }
        sink.chunk(ByteBuffer.wrap(plain));
    }

    private static OhttpException undecryptable() {
        return new OhttpException(OhttpException.Kind.UNDECRYPTABLE, "a chunk does not open");
    }

    private static OhttpException tooLarge() {
        return new OhttpException(OhttpException.Kind.TOO_LARGE, "a chunk is larger than this side takes");
    }
}
