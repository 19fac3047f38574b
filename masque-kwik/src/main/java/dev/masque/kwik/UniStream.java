package dev.masque.kwik;

import dev.masque.core.wire.QpackException;
import dev.masque.core.wire.QpackInstructions;
import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicStream;

/** A unidirectional stream of the peer, RFC 9114, 6.2: its type, then what that type is for. For the session's executor. */
final class UniStream implements StreamReader.Sink {
    private final H3Session session;
    private final QuicStream quic;
    private final StreamReader reader;
    private final ByteBuffer type = ByteBuffer.allocate(8);

    @Nullable private Content content;

    private boolean critical;

    /** What a stream of a type holds. */
    interface Content {
        void decode(ByteBuffer data) throws H3Exception;
    }

    UniStream(H3Session session, QuicStream quic) {
        this.session = session;
        this.quic = quic;
        this.reader = new StreamReader(quic, session.executor(), this);
    }

    void read() {
        session.pool().execute(reader);
    }

    void nudge() {
        reader.nudge();
    }

    boolean isQuiet() {
        return reader.isDone();
    }

    @Override
    public void arrived(ByteBuffer data) {
        try {
            Content to = content == null ? content(data) : content;
            if (to != null) {
                content = to;
                to.decode(data);
            }
        } catch (H3Exception e) {
            session.fail(e);
        }
        reader.consumed();
    }

    @Override
    public void ended() {
        session.uniStreams().ended(this);
        if (critical) { // RFC 9114, 6.2.1; RFC 9204, 4.2
            session.fail(H3Exception.connection(H3.CLOSED_CRITICAL_STREAM, "a critical stream was closed"));
        }
    }

    @Override
    public void broken() {
        session.uniStreams().ended(this);
        if (critical) {
            session.uniStreams().criticalBroken();
        }
    }

    @Nullable private Content content(ByteBuffer data) throws H3Exception {
        while (data.hasRemaining()) {
            type.put(data.get()).flip();
            long value = VarInt.read(type);
            if (value >= 0) {
                return content(value);
            }
            type.position(type.limit()).limit(type.capacity());
        }
        return null;
    }

    private Content content(long value) throws H3Exception {
        if (value == H3.CONTROL_STREAM || value == H3.ENCODER_STREAM || value == H3.DECODER_STREAM) {
            if (!session.uniStreams().isFirst(value)) {
                throw H3Exception.connection(H3.STREAM_CREATION_ERROR, "a critical stream twice");
            }
            critical = true;
        }
        if (value == H3.CONTROL_STREAM) {
            return new ControlStream(session.isServer(), session)::decode;
        }
        if (value == H3.ENCODER_STREAM) {
            return instructions(QpackInstructions.ofEncoderStream());
        }
        if (value == H3.DECODER_STREAM) {
            return instructions(QpackInstructions.ofDecoderStream());
        }
        if (value == H3.PUSH_STREAM) { // RFC 9114, 4.6 and 6.2.2: no push was allowed
            throw session.isServer()
                    ? H3Exception.connection(H3.STREAM_CREATION_ERROR, "a push from a client")
                    : H3Exception.connection(H3.ID_ERROR, "a push that was not allowed");
        }
        Kwik.stopSending(session.connection(), quic.getStreamId(), H3.STREAM_CREATION_ERROR);
        reader.discard();
        return data -> data.position(data.limit()); // RFC 9114, 9
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
