package dev.masque.netty;

import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;

/**
 * A server's connection ids: the first is made of the client's, so that its Initials find the connection; all others are
 * random. Netty's own are all made of the first, so that there is never more than one more, and it makes that one again, and
 * flushes, for every packet that it receives. Stateless.
 */
final class QuicheConnectionIds implements QuicConnectionIdGenerator {
    private static final QuicConnectionIdGenerator SIGNED = QuicConnectionIdGenerator.signGenerator();
    private static final QuicConnectionIdGenerator RANDOM = QuicConnectionIdGenerator.randomGenerator();

    @Override
    public ByteBuffer newId(int length) {
        return RANDOM.newId(length);
    }

    @Override
    public ByteBuffer newId(ByteBuffer input, int length) {
        return RANDOM.newId(length);
    }

    @Override
    public ByteBuffer newId(ByteBuffer scid, ByteBuffer dcid, int length) {
        return SIGNED.newId(dcid, length);
    }

    @Override
    public int maxConnectionIdLength() {
        return SIGNED.maxConnectionIdLength();
    }

    @Override
    public boolean isIdempotent() {
        return false;
    }
}
