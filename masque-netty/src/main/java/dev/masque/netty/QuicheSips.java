package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.quic.QuicStreamChannel;

/**
 * How much of a stream is read at once: what suits, or a few bytes. Netty asks a channel for its allocator once, so that another
 * one comes too late. For one stream and its event loop.
 */
@SuppressWarnings("deprecation") // the only kind of handle that can be wrapped
final class QuicheSips implements RecvByteBufAllocator {
    private static final int SIP = 16;

    private final RecvByteBufAllocator usual = new AdaptiveRecvByteBufAllocator();
    private boolean sips;

    /** From the next read on. */
    void sip(boolean only) {
        sips = only;
    }

    /** A stream is read in earnest again. */
    static void end(QuicStreamChannel channel) {
        if (channel.config().getRecvByteBufAllocator() instanceof QuicheSips of) {
            of.sip(false);
        }
    }

    @Override
    public Handle newHandle() {
        return new DelegatingHandle(usual.newHandle()) {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return sips ? allocator.ioBuffer(SIP, SIP) : super.allocate(allocator);
            }

            @Override
            public boolean continueReading() {
                return !sips && super.continueReading();
            }
        };
    }
}
