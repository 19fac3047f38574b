package dev.masque.server;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes what a client still sends after its final answer, and drops it. */
final class AnsweredStream implements StreamHandler {
    private final ByteStream stream;
    private final LeftoverStreams leftovers;

    AnsweredStream(ByteStream stream, LeftoverStreams leftovers) {
        this.stream = stream;
        this.leftovers = leftovers;
        leftovers.add(stream);
    }

    @Override
    public void data(ByteBuffer data) {}

    @Override
    public void end() {}

    @Override
    public void closed(@Nullable StreamFailure failure) {
        leftovers.remove(stream);
    }
}
