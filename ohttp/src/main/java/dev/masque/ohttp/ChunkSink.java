package dev.masque.ohttp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the plaintext of a message in chunks, in the thread that feeds the {@link ChunkOpener}. */
@FunctionalInterface
public interface ChunkSink {
    /**
     * A chunk that was authenticated. Chunks need not align with anything in the message. That the message is complete, only
     * {@link ChunkOpener#end()} says.
     *
     * @param plaintext valid until this returns; empty only for a final chunk that is
     * @throws IOException if the message is not acceptable; passed on to whoever feeds
     */
    void chunk(ByteBuffer plaintext) throws IOException;
}
