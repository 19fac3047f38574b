package dev.masque.kwik;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.UniStreamReader;
import java.nio.ByteBuffer;
import tech.kwik.core.QuicStream;

/** A unidirectional stream of the peer, RFC 9114, 6.2: its type, then what that type is for. For the session's executor. */
final class UniStream implements StreamReader.Sink {
    private final H3Session session;
    private final QuicStream quic;
    private final StreamReader reader;
    private final UniStreamReader content;
    private boolean unwanted;

    UniStream(H3Session session, UniStreamReader.Peer peer, QuicStream quic) {
        this.session = session;
        this.quic = quic;
        this.content = new UniStreamReader(peer);
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
            if (!content.decode(data) && !unwanted) {
                unwanted = true;
                Kwik.stopSending(session.connection(), quic.getStreamId(), H3.STREAM_CREATION_ERROR);
                reader.discard();
            }
        } catch (H3Exception e) {
            session.fail(e);
        }
        reader.consumed();
    }

    @Override
    public void ended() {
        session.uniStreams().ended(this);
        if (content.isCritical()) { // RFC 9114, 6.2.1; RFC 9204, 4.2
            session.fail(H3Exception.connection(H3.CLOSED_CRITICAL_STREAM, "a critical stream was closed"));
        }
    }

    @Override
    public void broken() {
        session.uniStreams().ended(this);
        if (content.isCritical()) {
            session.uniStreams().criticalBroken();
        }
    }
}
