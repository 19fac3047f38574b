package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The connection ids that one socket of a port gives: the first is made of the client's, so that its Initials find the
 * connection; all others are random. Netty's own are all made of the first, so that there is never more than one more, and it
 * makes that one again, and flushes, for every packet that it receives.
 *
 * <p>Each tells the sockets of the port, and nobody else (RFC 9000, 5.1), whose it is: its first byte is the number of the
 * socket, hidden under a block of AES over its last 16 bytes. For the event loop of the socket.
 */
final class QuicheConnectionIds implements QuicConnectionIdGenerator {
    /** How many sockets can be told apart. */
    static final int MOST_SOCKETS = 256;

    private static final int LENGTH = 20; // the longest, RFC 9000, 17.2, and Netty's choice
    private static final int BLOCK = 16;
    private static final QuicConnectionIdGenerator SIGNED = QuicConnectionIdGenerator.signGenerator();
    private static final QuicConnectionIdGenerator RANDOM = QuicConnectionIdGenerator.randomGenerator();

    private final int socket;
    private final Cipher cipher;
    private final byte[] block = new byte[BLOCK];
    private final byte[] mask = new byte[BLOCK];

    /**
     * Ids of a socket.
     *
     * @param key of the port
     * @param socket its number
     */
    QuicheConnectionIds(SecretKeySpec key, int socket) {
        this.socket = socket;
        try {
            cipher = Cipher.getInstance("AES/ECB/NoPadding"); // one block that does not repeat
            cipher.init(Cipher.ENCRYPT_MODE, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    /** A key for a port. */
    static SecretKeySpec newKey() {
        byte[] key = new byte[BLOCK];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }

    /** The number of the socket that gave the id which a packet with a short header (RFC 9000, 17.3.1) is for; or another. */
    int socketOf(ByteBuf packet) {
        int id = packet.readerIndex() + 1;
        if (packet.writerIndex() < id + LENGTH) {
            return socket;
        }
        packet.getBytes(id + LENGTH - BLOCK, block);
        return (packet.getByte(id) ^ mask()) & 0xff;
    }

    private ByteBuffer marked(ByteBuffer made) {
        byte[] id = new byte[made.remaining()];
        made.get(id);
        if (id.length == LENGTH) {
            System.arraycopy(id, LENGTH - BLOCK, block, 0, BLOCK);
            id[0] = (byte) (socket ^ mask());
        }
        return ByteBuffer.wrap(id);
    }

    /** One byte for what is in the block. */
    private int mask() {
        try {
            cipher.update(block, 0, BLOCK, mask);
            return mask[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a block is a block", e);
        }
    }

    @Override
    public ByteBuffer newId(int length) {
        return marked(RANDOM.newId(length));
    }

    @Override
    public ByteBuffer newId(ByteBuffer input, int length) {
        return marked(RANDOM.newId(length));
    }

    @Override
    public ByteBuffer newId(ByteBuffer scid, ByteBuffer dcid, int length) {
        return marked(SIGNED.newId(dcid, length));
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
