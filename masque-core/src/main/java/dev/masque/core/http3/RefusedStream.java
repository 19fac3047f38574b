package dev.masque.core.http3;

import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/**
 * A stream that never was: its session had none left. Immutable.
 *
 * @param session that was asked for it
 * @param request that it was to carry
 */
public record RefusedStream(HttpSession session, RequestHead request) implements HttpStream {
    @Override
    public void respond(ResponseHead head) {
        throw new IllegalStateException("only a server responds");
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        return false;
    }

    @Override
    public int maxDatagramSize() {
        return 0;
    }

    @Override
    public boolean write(ByteBuffer data) {
        data.position(data.limit());
        return false;
    }

    @Override
    public void flush() {}

    @Override
    public void end() {}

    @Override
    public void reset(ResetReason reason) {}

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public Executor executor() {
        return session.executor();
    }
}
