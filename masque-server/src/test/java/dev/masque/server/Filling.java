package dev.masque.server;

import dev.masque.core.spi.ByteStream;
import java.nio.ByteBuffer;

/** Writes until back-pressure says stop. */
final class Filling {
    private static final int CHUNK = 16 << 10;
    private static final int TOO_MUCH = 64 << 20;

    private Filling() {}

    static int fill(ByteStream stream) {
        int sent = 0;
        while (stream.isWritable()) {
            stream.write(ByteBuffer.allocate(CHUNK));
            stream.flush();
            sent += CHUNK;
            if (sent > TOO_MUCH) {
                throw new AssertionError("nothing stops the sender");
            }
        }
        return sent;
    }
}
