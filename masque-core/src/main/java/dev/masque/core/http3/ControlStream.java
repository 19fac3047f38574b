package dev.masque.core.http3;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;

/** Reads the peer's control stream, RFC 9114, 6.2.1 and 7.2. For one thread at a time. */
final class ControlStream implements FrameDecoder.Sink {
    private final boolean server;
    private final UniStreamReader.Events events;
    private final FrameDecoder frames = new FrameDecoder();
    private boolean settingsSeen;
    private long goaway = Long.MAX_VALUE;
    private long maxPushId = -1;

    /** A reader for a server's or a client's side. */
    ControlStream(boolean server, UniStreamReader.Events events) {
        this.server = server;
        this.events = events;
    }

    void decode(ByteBuffer data) throws H3Exception {
        frames.decode(data, this);
    }

    @Override
    public boolean isReady(boolean piece) {
        return true;
    }

    @Override
    public FrameDecoder.Mode begin(long type, long length) throws H3Exception {
        if (!settingsSeen && type != H3.SETTINGS) {
            throw H3Exception.connection(H3.MISSING_SETTINGS, "the first frame is not SETTINGS");
        }
        if (type == H3.SETTINGS) {
            if (settingsSeen) {
                throw unexpected();
            }
            if (length > PeerSettings.MAX_LENGTH) {
                throw H3Exception.connection(H3.EXCESSIVE_LOAD, "too many settings");
            }
            return FrameDecoder.Mode.COLLECT;
        }
        if (type == H3.DATA || type == H3.HEADERS || type == H3.PUSH_PROMISE || H3.isReservedFrame(type)) {
            throw unexpected();
        }
        if (type == H3.MAX_PUSH_ID && !server) {
            throw unexpected(); // RFC 9114, 7.2.7
        }
        if (type == H3.GOAWAY || type == H3.MAX_PUSH_ID || type == H3.CANCEL_PUSH) {
            if (length > 8 || length == 0) {
                throw H3Exception.connection(H3.FRAME_ERROR, "a frame of the wrong length");
            }
            return FrameDecoder.Mode.COLLECT;
        }
        return FrameDecoder.Mode.SKIP;
    }

    @Override
    public void piece(ByteBuffer payload) {
        throw new IllegalStateException("nothing is streamed here");
    }

    @Override
    public void whole(long type, ByteBuffer payload) throws H3Exception {
        if (type == H3.SETTINGS) {
            settingsSeen = true;
            events.settings(PeerSettings.decode(payload));
            return;
        }
        long id = VarInt.read(payload);
        if (id < 0 || payload.hasRemaining()) {
            throw H3Exception.connection(H3.FRAME_ERROR, "a frame of the wrong length");
        }
        if (type == H3.GOAWAY) {
            goaway(id);
        } else if (type == H3.MAX_PUSH_ID) {
            if (id < maxPushId) {
                throw H3Exception.connection(H3.ID_ERROR, "the limit of pushes shrinks");
            }
            maxPushId = id;
        } else if (id > maxPushId) {
            throw H3Exception.connection(H3.ID_ERROR, "a push that there is not"); // RFC 9114, 7.2.3
        }
    }

    private void goaway(long id) throws H3Exception {
        if (id > goaway || !server && id % 4 != 0) { // RFC 9114, 5.2
            throw H3Exception.connection(H3.ID_ERROR, "GOAWAY with an id that cannot be");
        }
        goaway = id;
        events.goaway(id);
    }

    private static H3Exception unexpected() {
        return H3Exception.connection(H3.FRAME_UNEXPECTED, "a frame out of place");
    }
}
