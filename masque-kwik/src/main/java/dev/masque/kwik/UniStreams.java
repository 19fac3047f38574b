package dev.masque.kwik;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.UniStreamReader;
import java.util.HashSet;
import java.util.Set;
import tech.kwik.core.QuicStream;

/** The unidirectional streams that the peer of a session has opened, RFC 9114, 6.2. For the session's executor. */
final class UniStreams {
    private final H3Session session;
    private final Set<UniStream> open = new HashSet<>();
    private final UniStreamReader.Peer peer;

    UniStreams(H3Session session) {
        this.session = session;
        this.peer = new UniStreamReader.Peer(session.isServer(), session);
    }

    void take(QuicStream stream) {
        UniStream uni = new UniStream(session, peer, stream);
        open.add(uni);
        uni.read();
    }

    void ended(UniStream stream) {
        open.remove(stream);
        Kwik.flush(session.connection());
    }

    /** One that has to last was reset; or everything was, which is known soon. */
    void criticalBroken() {
        session.later(
                Leftovers.SETTLE,
                () -> session.fail(H3Exception.connection(H3.CLOSED_CRITICAL_STREAM, "a critical stream was reset")));
    }

    /** Nothing is read any more: wakes who does not know it yet. */
    void sessionGone() {
        session.later(Leftovers.SETTLE, () -> {
            open.removeIf(UniStream::isQuiet);
            if (!open.isEmpty()) {
                open.forEach(UniStream::nudge);
                sessionGone();
            }
        });
    }
}
