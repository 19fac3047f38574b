package dev.masque.kwik;

import java.util.LinkedHashMap;
import java.util.Map;

/** Passes what {@link PacketWatch} sees of resets to the streams of a session, those to come included. Thread-safe. */
final class PeerResets implements PacketWatch.Listener {
    private static final int EARLY = 256;

    private final H3Session session;
    private final Map<Long, Long> early = new LinkedHashMap<>();

    PeerResets(H3Session session) {
        this.session = session;
    }

    @Override
    public void resetSeen(int stream, long code) {
        session.executor().execute(() -> {
            H3Stream known = session.stream(stream);
            if (known != null) {
                known.peerReset(code);
            } else if (session.isToCome(stream) && early.size() < EARLY) {
                early.put((long) stream, code);
            }
        });
    }

    @Override
    public void stopSendingSeen(int stream, long code) {
        H3Stream open = session.stream(stream);
        if (open != null) {
            open.stopComes();
        }
        session.executor().execute(() -> {
            H3Stream known = session.stream(stream);
            if (known != null) {
                known.peerStopped(code);
            }
        });
    }

    @Override
    public void aborted(Throwable cause) {
        session.aborted(cause);
    }

    /** Whether a stream that only now appears had been reset before; on the session's executor. */
    boolean wasReset(long stream) {
        return early.remove(stream) != null;
    }
}
