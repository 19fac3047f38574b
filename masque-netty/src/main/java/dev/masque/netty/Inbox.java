package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.wire.CapsuleDecoder;
import dev.masque.core.wire.UdpContext;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on a stream, on its way to the handler: held while the stream is paused, taken apart where it is capsules,
 * and its end told last. For the event loop only.
 */
final class Inbox {
    /** A little more than is legal, so that the endpoint sees what is not, and can say so. */
    private static final int MAX_DATAGRAM = UdpContext.MAX_UDP_PAYLOAD + 16;

    private final NettyStream stream;
    private final NettySession session;

    @Nullable private final CapsuleDecoder capsules;

    @Nullable private HeldBytes held;

    private boolean paused = true;
    private boolean deliveryAsked;
    private boolean discarding;
    private boolean ended;
    private boolean done;

    Inbox(NettyStream stream, NettySession session, RequestHead request) {
        this.stream = stream;
        this.session = session;
        this.capsules =
                request.usesCapsules() ? new CapsuleDecoder(MAX_DATAGRAM, UdpContext.strict(this::datagram)) : null;
    }

    boolean hasCapsules() {
        return capsules != null;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether the peer has ended its direction. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the handler knows of that. */
    boolean isDone() {
        return done;
    }

    int heldBytes() {
        return held == null ? 0 : held.size();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
    }

    /** Takes bytes from the peer; the buffer stays the caller's. Returns how many were consumed now. */
    int received(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes == 0 || stream.isOver() || ended || discarding) {
            return bytes; // an empty frame may end the stream, and is nothing to hold for a paused one
        }
        if (capsules != null) {
            decode(capsules, data);
            return bytes;
        }
        if (paused || held != null) {
            if (held == null) {
                held = new HeldBytes();
            }
            held.add(data);
            return 0;
        }
        session.touch(stream);
        stream.guarded(to -> to.data(data.nioBuffer()));
        return bytes;
    }

    /** The peer ended its direction. */
    void receivedEnd() {
        if (ended) {
            return;
        }
        ended = true;
        if (capsules != null && !stream.isOver() && !discarding) {
            try {
                capsules.end();
            } catch (MalformedException e) {
                stream.violated(e);
                return;
            }
        }
        deliverEnd();
    }

    /** Where no tunnel stands there are no capsules: what the peer sends has no meaning, or is the page of a refusal. */
    void discardIfRefused(ResponseHead head) {
        if (capsules != null && !head.isInformational() && !head.isSuccess()) {
            discarding = true;
        }
    }

    /** From here on what arrives is dropped, except for its end. */
    void discard() {
        discarding = true;
        int bytes = release();
        if (bytes > 0) {
            stream.consumed(bytes);
        }
    }

    /** The stream is over: what is held has no taker. */
    void close() {
        int bytes = release();
        if (bytes > 0) {
            stream.dropped(bytes);
        }
    }

    private int release() {
        HeldBytes all = held;
        if (all == null) {
            return 0;
        }
        int bytes = all.size();
        all.release();
        held = null;
        return bytes;
    }

    /** Sees to it that what is held, or the end, reaches the handler: not from here, as the caller may be inside a callback. */
    void askDelivery() {
        if ((held != null || ended && !done) && !deliveryAsked) {
            deliveryAsked = true;
            session.later(this::deliverHeld);
        }
    }

    private void deliverHeld() {
        deliveryAsked = false;
        boolean some = false;
        while (!paused && !stream.isOver() && held != null) {
            some = true;
            ByteBuf data = held.remove();
            if (held.isEmpty()) {
                held = null;
            }
            int bytes = data.readableBytes();
            try {
                stream.guarded(to -> to.data(data.nioBuffer()));
            } finally {
                data.release();
            }
            stream.consumed(bytes);
        }
        if (some) {
            stream.batchComplete();
            session.requestFlush();
        }
        deliverEnd();
    }

    private void deliverEnd() {
        if (ended && !done && !paused && !stream.isOver() && held == null) {
            done = true;
            stream.guarded(StreamHandler::end);
            if (!stream.isOver()) {
                stream.inputDelivered();
            }
        }
    }

    private void datagram(ByteBuffer payload) {
        if (!stream.isOver()) {
            session.touch(stream);
            stream.guarded(to -> to.datagram(payload));
        }
    }

    private void decode(CapsuleDecoder decoder, ByteBuf data) {
        try {
            decoder.decode(data.nioBuffer());
        } catch (MalformedException e) {
            stream.violated(e);
        }
    }
}
