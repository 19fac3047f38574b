package dev.masque.kwik;

import java.lang.reflect.Field;
import tech.kwik.core.QuicStream;
import tech.kwik.core.stream.SendBuffer;

/**
 * What waits on a stream to be sent. A reset empties kwik's own buffer under its sender, which then gives up the connection
 * with all its streams. This one only says that it is empty, so that a frame which is being made is still whole. As
 * thread-safe as kwik's: one thread writes, one reads, any clears.
 */
final class UnsentBytes extends SendBuffer {
    private static final Field BUFFER = Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "sendBuffer");

    private volatile boolean cleared;

    UnsentBytes(int size) {
        super(size);
    }

    /** Takes the place of kwik's buffer, before anything is written. */
    static void install(QuicStream stream) {
        SendBuffer kwik = (SendBuffer) Kwik.get(BUFFER, stream.getOutputStream());
        Kwik.set(BUFFER, stream.getOutputStream(), new UnsentBytes(kwik.getMaxSize()));
    }

    /** For good: kwik clears when a stream is reset, and to repeat early data, of which there is none. */
    @Override
    public void clear() {
        cleared = true;
    }

    @Override
    public boolean isEmpty() {
        return cleared || super.isEmpty();
    }

    @Override
    public boolean hasData() {
        return !cleared && super.hasData();
    }
}
