package dev.masque.core.http3;

import dev.masque.core.wire.QpackException;
import dev.masque.core.wire.QpackInstructions;
import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a unidirectional stream of the peer, RFC 9114, 6.2: its type, then what that type is for. For one thread at a time. */
public final class UniStreamReader {
    private final Peer peer;
    private final ByteBuffer type = ByteBuffer.allocate(8);

    @Nullable private Content content;

    private boolean typed;
    private boolean critical;

    /** What a stream of a type holds. */
    private interface Content {
        void decode(ByteBuffer data) throws H3Exception;
    }

    /** Takes what the peer of a session says on its control stream. */
    public interface Events {
        /**
         * The peer's settings.
         *
         * @param settings once, before all else
         */
        void settings(PeerSettings settings);

        /**
         * The peer takes no new streams; on a client, none from this id on.
         *
         * @param id that never grows
         */
        void goaway(long id);
    }

    /** The peer of a session: what its streams have in common. For one thread at a time. */
    public static final class Peer {
        private final boolean server;
        private final Events events;
        private final Set<Long> seen = new HashSet<>();

        /**
         * For one session.
         *
         * @param server whether this side is one
         * @param events takes what the peer says
         */
        public Peer(boolean server, Events events) {
            this.server = server;
            this.events = events;
        }
    }

    /**
     * For one stream.
     *
     * @param peer who opened it
     */
    public UniStreamReader(Peer peer) {
        this.peer = peer;
    }

    /**
     * Takes what arrived.
     *
     * @param data read to its end
     * @return false if nothing of this stream is wanted: the peer may stop (RFC 9114, 9)
     * @throws H3Exception if the peer broke a rule
     */
    public boolean decode(ByteBuffer data) throws H3Exception {
        if (!typed && !readType(data)) {
            return true;
        }
        if (content == null) {
            data.position(data.limit());
            return false;
        }
        content.decode(data);
        return true;
    }

    /**
     * Whether the session ends with this stream, RFC 9114, 6.2.1; RFC 9204, 4.2.
     *
     * @return true if it may not be closed
     */
    public boolean isCritical() {
        return critical;
    }

    private boolean readType(ByteBuffer data) throws H3Exception {
        while (data.hasRemaining()) {
            type.put(data.get()).flip();
            long value = VarInt.read(type);
            if (value >= 0) {
                typed = true;
                content = content(value);
                return true;
            }
            type.position(type.limit()).limit(type.capacity());
        }
        return false;
    }

    @Nullable private Content content(long value) throws H3Exception {
        if (value == H3.CONTROL_STREAM || value == H3.ENCODER_STREAM || value == H3.DECODER_STREAM) {
            if (!peer.seen.add(value)) {
                throw H3Exception.connection(H3.STREAM_CREATION_ERROR, "a critical stream twice");
            }
            critical = true;
        }
        if (value == H3.CONTROL_STREAM) {
            return new ControlStream(peer.server, peer.events)::decode;
        }
        if (value == H3.ENCODER_STREAM) {
            return instructions(QpackInstructions.ofEncoderStream());
        }
        if (value == H3.DECODER_STREAM) {
            return instructions(QpackInstructions.ofDecoderStream());
        }
        if (value == H3.PUSH_STREAM) { // RFC 9114, 4.6 and 6.2.2: no push was allowed
            throw peer.server
                    ? H3Exception.connection(H3.STREAM_CREATION_ERROR, "a push from a client")
                    : H3Exception.connection(H3.ID_ERROR, "a push that was not allowed");
        }
        return null;
    }

    private static Content instructions(QpackInstructions instructions) {
        return data -> {
            try {
                instructions.decode(data);
            } catch (QpackException e) {
                throw H3Exception.connection(e.code(), "an instruction for a table that there is not");
            }
        };
    }
}
