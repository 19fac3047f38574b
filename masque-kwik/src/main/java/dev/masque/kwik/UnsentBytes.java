package dev.masque.kwik;

import java.lang.reflect.Field;
import tech.kwik.core.QuicStream;
import tech.kwik.core.stream.SendBuffer;

/**
 * What waits on a stream to be sent. A reset empties kwik's own buffer under its sender, which then gives up the connection
 * with all its streams. This one keeps what it has, of which nothing is sent after a reset, and goes with its stream.
 * As thread-safe as kwik's: one thread writes, one reads, any clears.
 */
final class UnsentBytes extends SendBuffer {
    private static final Field BUFFER = Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "sendBuffer");

    UnsentBytes(int size) {
        super(size);
    }

    /** Takes the place of kwik's buffer, before anything is written. */
    static void install(QuicStream stream) {
        SendBuffer kwik = (SendBuffer) Kwik.get(BUFFER, stream.getOutputStream());
        Kwik.set(BUFFER, stream.getOutputStream(), new UnsentBytes(kwik.getMaxSize()));
    }

    /** Kwik clears when a stream is reset, and to repeat early data, of which there is none. */
    @Override
    public void clear() {}
}
