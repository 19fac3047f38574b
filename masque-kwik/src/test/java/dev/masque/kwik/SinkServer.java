package dev.masque.kwik;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Answers 200 to everything and counts what comes. */
final class SinkServer implements SessionHandler {
    final AtomicLong received = new AtomicLong();

    @Override
    public StreamHandler request(HttpStream stream) {
        stream.respond(new ResponseHead(200, HeaderFields.empty()));
        stream.resume();
        return new RecordingStream() {
            @Override
            public void datagram(ByteBuffer payload) {
                received.incrementAndGet();
            }
        };
    }
}
