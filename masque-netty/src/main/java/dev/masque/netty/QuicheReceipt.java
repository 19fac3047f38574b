package dev.masque.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * Whether quiche took a frame: when its queue is full, Netty drops all that was written, without a word. This is an empty
 * buffer that is written behind each frame: Netty looks how long it is if the frame before it was taken, and else releases it
 * unseen. For one connection, on its event loop.
 */
abstract class QuicheReceipt extends UnpooledHeapByteBuf {
    private boolean seen;

    QuicheReceipt() {
        super(UnpooledByteBufAllocator.DEFAULT, 0, 0);
    }

    /** It has been written, for which Netty looks, too. */
    final void written() {
        seen = false;
    }

    /** The next of the frames was taken, or dropped. */
    abstract void settled(boolean taken);

    @Override
    public final int readableBytes() {
        seen = true;
        return 0;
    }

    @Override
    public final boolean release() {
        boolean taken = seen;
        seen = false;
        settled(taken);
        return false;
    }
}
