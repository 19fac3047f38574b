package dev.masque.core.http3;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.wire.CapsuleDecoder;
import dev.masque.core.wire.QpackDecoder;
import dev.masque.core.wire.QpackException;
import dev.masque.core.wire.UdpContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the peer's half of a request stream: heads, content or tunnel bytes or capsules, and trailers, in the order that
 * RFC 9114, 4.1 and 4.4 allow. For one stream and one thread at a time.
 */
public final class MessageReader {
    /** A little more than is legal, so that the endpoint sees what is not, and can say so. */
    private static final int MAX_DATAGRAM = UdpContext.MAX_UDP_PAYLOAD + 16;

    private final boolean server;
    private final int maxFieldSectionSize;
    private final QpackDecoder qpack;
    private final Events events;
    private final FrameDecoder frames = new FrameDecoder();
    private final FrameDecoder.Sink sink = new Frames();

    @Nullable private RequestHead request;

    @Nullable private CapsuleDecoder capsules;

    private boolean headSeen;
    private boolean trailersSeen;
    private boolean tunnel;
    private boolean discard;
    private long contentLeft = -1;

    /** Takes what is read. */
    public interface Events {
        /**
         * A request.
         *
         * @param head the request
         */
        void request(RequestHead head);

        /**
         * A response, informational or final.
         *
         * @param head the response
         */
        void response(ResponseHead head);

        /**
         * Content, or bytes of a tunnel.
         *
         * @param data valid until this returns
         */
        void data(ByteBuffer data);

        /**
         * An HTTP Datagram, from a capsule.
         *
         * @param payload valid until this returns
         */
        void datagram(ByteBuffer payload);

        /**
         * Whether the stream is over for this side.
         *
         * @return true if nothing more is wanted
         */
        boolean isOver();

        /**
         * Whether {@link #data} may not be called now.
         *
         * @return true while it may not
         */
        boolean isPaused();
    }

    private MessageReader(boolean server, int maxFieldSectionSize, Events events) {
        this.server = server;
        this.maxFieldSectionSize = maxFieldSectionSize;
        this.qpack = new QpackDecoder(maxFieldSectionSize);
        this.events = events;
    }

    /**
     * For the server's side.
     *
     * @param maxFieldSectionSize that is taken, in bytes
     * @param events takes what is read
     * @return a reader of a request
     */
    public static MessageReader ofRequest(int maxFieldSectionSize, Events events) {
        return new MessageReader(true, maxFieldSectionSize, events);
    }

    /**
     * For the client's side.
     *
     * @param request what was asked
     * @param maxFieldSectionSize that is taken, in bytes
     * @param events takes what is read
     * @return a reader of the responses
     */
    public static MessageReader ofResponse(RequestHead request, int maxFieldSectionSize, Events events) {
        MessageReader reader = new MessageReader(false, maxFieldSectionSize, events);
        reader.request = request;
        return reader;
    }

    /**
     * Takes bytes until there are none, or none are wanted now.
     *
     * @param in what arrived
     * @throws H3Exception if the peer broke a rule
     */
    public void decode(ByteBuffer in) throws H3Exception {
        frames.decode(in, sink);
    }

    /**
     * The peer ended the stream, and all its bytes were decoded.
     *
     * @throws H3Exception if this was not the place to end
     */
    public void end() throws H3Exception {
        if (frames.isInFrame()) {
            throw H3Exception.connection(H3.FRAME_ERROR, "a frame is cut short"); // RFC 9114, 7.1
        }
        if (!headSeen) {
            throw server
                    ? H3Exception.stream(0x10d, "no request") // H3_REQUEST_INCOMPLETE, RFC 9114, 4.1
                    : H3Exception.malformed("no final response");
        }
        if (contentLeft > 0) {
            throw H3Exception.malformed("less content than declared");
        }
        if (capsules != null) {
            try {
                capsules.end();
            } catch (MalformedException e) {
                throw H3Exception.stream(H3.DATAGRAM_ERROR, "a capsule is cut short"); // RFC 9297, 3.3
            }
        }
    }

    private final class Frames implements FrameDecoder.Sink {
        @Override
        public boolean isReady(boolean piece) {
            return !events.isOver() && (!piece || capsules != null || discard || !events.isPaused());
        }

        @Override
        public FrameDecoder.Mode begin(long type, long length) throws H3Exception {
            if (type == H3.DATA) {
                if (!headSeen || trailersSeen) {
                    throw unexpected();
                }
                return FrameDecoder.Mode.STREAM;
            }
            if (type == H3.HEADERS) {
                if (trailersSeen || headSeen && tunnel) {
                    throw unexpected();
                }
                if (length > maxFieldSectionSize) {
                    throw H3Exception.stream(H3.EXCESSIVE_LOAD, "a field section is too large");
                }
                return FrameDecoder.Mode.COLLECT;
            }
            if (type == H3.PUSH_PROMISE && !server) {
                throw H3Exception.connection(H3.ID_ERROR, "a push that was not allowed"); // RFC 9114, 7.2.5
            }
            if (type <= H3.GOAWAY && type != 0x2 && type != 0x6 || type == H3.MAX_PUSH_ID || H3.isReservedFrame(type)) {
                throw unexpected();
            }
            return FrameDecoder.Mode.SKIP; // RFC 9114, 9
        }

        @Override
        public void piece(ByteBuffer payload) throws H3Exception {
            if (contentLeft >= 0) {
                contentLeft -= payload.remaining();
                if (contentLeft < 0) {
                    throw H3Exception.malformed("more content than declared");
                }
            }
            if (capsules != null) {
                try {
                    capsules.decode(payload);
                } catch (MalformedException e) {
                    throw H3Exception.stream(H3.DATAGRAM_ERROR, "a capsule is malformed");
                }
            } else if (!discard) {
                events.data(payload);
            }
        }

        @Override
        public void whole(long type, ByteBuffer payload) throws H3Exception {
            List<Map.Entry<String, String>> section;
            try {
                section = qpack.decode(payload);
            } catch (QpackException e) {
                throw e.code() == H3.EXCESSIVE_LOAD
                        ? H3Exception.stream(e.code(), "a field section is too large")
                        : H3Exception.connection(e.code(), "a field section cannot be decoded");
            }
            if (headSeen) {
                trailersSeen = true;
                Heads.checkTrailers(section);
            } else if (server) {
                request(Heads.decodeRequest(section));
            } else {
                response(section);
            }
        }
    }

    private void request(RequestHead head) throws H3Exception {
        request = head;
        headSeen = true;
        tunnel = head.method().equals("CONNECT");
        if (head.usesCapsules()) {
            capsules = new CapsuleDecoder(MAX_DATAGRAM, UdpContext.strict(events::datagram));
        } else if (!tunnel) {
            contentLeft = HeadRules.contentLength(head.fields());
        }
        events.request(head);
    }

    private void response(List<Map.Entry<String, String>> section) throws H3Exception {
        RequestHead asked = request;
        if (asked == null) {
            throw new IllegalStateException("a response without a request");
        }
        ResponseHead head = Heads.decodeResponse(section, asked);
        if (!head.isInformational()) {
            headSeen = true;
            tunnel = asked.method().equals("CONNECT") && head.isSuccess();
            if (asked.usesCapsules()) {
                capsules = tunnel ? new CapsuleDecoder(MAX_DATAGRAM, UdpContext.strict(events::datagram)) : null;
                discard = !tunnel; // the content of a refusal is not the Capsule Protocol
            }
            boolean empty = asked.method().equals("HEAD") || head.status() == 304;
            if (!tunnel && !empty) {
                contentLeft = HeadRules.contentLength(head.fields());
            }
        }
        events.response(head);
    }

    private static H3Exception unexpected() {
        return H3Exception.connection(H3.FRAME_UNEXPECTED, "a frame out of place");
    }
}
