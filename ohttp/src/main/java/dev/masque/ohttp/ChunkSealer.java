package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.AeadSequence;
import java.nio.ByteBuffer;

/**
 * Protects a message in chunks of at most {@link ChunkOpener#CHUNK} bytes (draft-ietf-ohai-chunked-ohttp, 4 to 6). What it returns
 * is to be sent in order; the end of the last piece must be the end of the HTTP message's content. For one thread at a time.
 */
public final class ChunkSealer {
    private static final int FOUR_BYTES = 1 << 14; // lengths from here on take four bytes (RFC 9000, 16)

    private final AeadSequence cipher;
    private byte[] preamble;
    private boolean ended;

    ChunkSealer(byte[] preamble, AeadSequence cipher) {
        this.preamble = preamble;
        this.cipher = cipher;
    }

    /**
     * Protects the next piece of the message.
     *
     * @param plaintext of any length; used up. Nothing of it stays behind here
     * @return what to send; empty if there is nothing; a heap buffer that is the caller's
     */
    public ByteBuffer chunk(ByteBuffer plaintext) {
        return seal(plaintext, false);
    }

    /**
     * Protects the last piece of the message.
     *
     * @param plaintext of any length, also empty; used up
     * @return what to send; a heap buffer that is the caller's
     */
    public ByteBuffer last(ByteBuffer plaintext) {
        ByteBuffer out = seal(plaintext, true);
        ended = true;
        return out;
    }

    private ByteBuffer seal(ByteBuffer plaintext, boolean last) {
        if (ended) {
            throw new IllegalStateException("the message has ended");
        }
        int chunks = plaintext.remaining() / ChunkOpener.CHUNK + 1;
        ByteBuffer out = ByteBuffer.allocate(
                preamble.length + plaintext.remaining() + chunks * (Integer.BYTES + Aead.TAG_LENGTH));
        out.put(preamble);
        preamble = new byte[0];
        byte[] in = Encapsulation.bytes(plaintext);
        int at = 0;
        while (in.length - at > ChunkOpener.CHUNK || !last && at < in.length) {
            int length = Math.min(ChunkOpener.CHUNK, in.length - at);
            putLength(out, length + Aead.TAG_LENGTH);
            seal(ChunkOpener.NOT_FINAL, in, at, length, out);
            at += length;
        }
        if (last) {
            out.put((byte) 0);
            seal(ChunkOpener.FINAL, in, at, in.length - at, out);
        }
        return out.flip();
    }

    private void seal(byte[] aad, byte[] in, int from, int length, ByteBuffer out) {
        cipher.seal(aad, in, from, length, out.array(), out.arrayOffset() + out.position());
        out.position(out.position() + length + Aead.TAG_LENGTH);
    }

    private static void putLength(ByteBuffer out, int length) {
        if (length < 1 << 6) {
            out.put((byte) length);
        } else if (length < FOUR_BYTES) {
            out.putShort((short) (0x4000 | length));
        } else {
            out.putInt(0x8000_0000 | length);
        }
    }
}
