package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Payloads of one size for one target, which leave as one buffer that the kernel takes apart (Linux, UDP_SEGMENT): QUIC of an
 * application mostly sends such. Where there is no such call each leaves by itself; also for a while, and each time for a
 * longer one, where it was refused: by a driver for good, or because a payload was larger than the path carries.
 * Thread-safe.
 */
final class UdpSegments {
    /** What every kernel that does it takes. */
    private static final int MOST = 64;

    /** What the kernel takes at once. */
    private static final int MOST_BYTES = 65_000;

    /** How many payloads leave alone after a first refusal, and how often that doubles. */
    private static final int PAUSE = 256;

    private static final int MOST_DOUBLINGS = 16;

    private final Channel channel;
    private final boolean splits;
    private final InetSocketAddress target;
    private final Consumer<Throwable> failed;

    @Nullable private ByteBuf run;

    private int size;
    private int count;
    private boolean closed;

    /** How many still leave alone. */
    private int alone;

    private int refusals;

    /**
     * For a connected channel.
     *
     * @param splits whether the kernel may be asked to take a buffer apart
     * @param failed is told on the event loop what else went wrong
     */
    UdpSegments(Channel channel, InetSocketAddress target, boolean splits, Consumer<Throwable> failed) {
        this.channel = channel;
        this.target = target;
        this.splits = splits;
        this.failed = failed;
    }

    /** Leaves with the next {@link #end} at the latest. */
    synchronized void add(ByteBuffer payload) {
        if (closed) {
            payload.position(payload.limit());
            return;
        }
        int length = payload.remaining();
        if (run != null && (length > size || count == MOST || run.readableBytes() + length > MOST_BYTES)) {
            end();
        }
        ByteBuf to = run;
        if (to == null) {
            to = channel.alloc().directBuffer(length);
            run = to;
            size = length;
            count = 0;
        }
        to.writeBytes(payload);
        count++;
        if (!splits || alone > 0 || length < size) {
            alone = Math.max(0, alone - 1);
            end(); // only the last of several is shorter
        }
    }

    /** Writes what there is. */
    synchronized void end() {
        ByteBuf all = run;
        run = null;
        if (all == null) {
            return;
        }
        if (count == 1) {
            channel.write(all, channel.voidPromise());
        } else {
            int each = size;
            channel.write(new SegmentedDatagramPacket(all.retainedDuplicate(), each, target))
                    .addListener((ChannelFuture written) -> written(written.cause(), all, each));
        }
    }

    private void written(@Nullable Throwable failure, ByteBuf all, int each) {
        if (failure == null || !channel.isOpen()) {
            all.release();
        } else if (SocketErrors.isUnreachable(failure)) {
            all.release();
            failed.accept(failure);
        } else {
            pause();
            apart(all, each);
            channel.flush();
        }
    }

    private synchronized void pause() {
        alone = PAUSE << Math.min(refusals++, MOST_DOUBLINGS);
    }

    private void apart(ByteBuf all, int each) {
        while (all.isReadable()) {
            channel.write(all.readRetainedSlice(Math.min(each, all.readableBytes())), channel.voidPromise());
        }
        all.release();
    }

    /** Nothing leaves any more. */
    synchronized void close() {
        closed = true;
        if (run != null) {
            run.release();
            run = null;
        }
    }
}
