package dev.masque.kwik;

import java.nio.ByteBuffer;
import tech.kwik.core.frame.DatagramFrame;

/**
 * A datagram that leaves once. Kwik fills a probe with the frames of a packet that is not acknowledged yet, so that a datagram
 * would arrive twice, and later than the ones after it: there a PING and padding of the same length take its place. Not
 * thread-safe: kwik's sender alone writes it.
 */
final class SentOnce extends DatagramFrame {
    private static final byte PING = 1;

    private final int length;
    private boolean sent;

    SentOnce(byte[] payload) {
        super(payload);
        this.length = super.getFrameLength();
    }

    @Override
    public int getFrameLength() {
        return length;
    }

    @Override
    public void serialize(ByteBuffer buffer) {
        if (sent) {
            buffer.put(PING);
            buffer.put(new byte[length - 1]); // PADDING
        } else {
            sent = true;
            super.serialize(buffer);
        }
    }
}
