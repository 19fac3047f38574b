package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes a client show that it receives at its address before it costs more than a packet (RFC 9000, 8.1.2), while many
 * handshakes are under way. A token is the time, a MAC over time and address and the connection id, and that id. Thread-safe.
 */
final class QuicheRetry implements QuicTokenHandler {
    /** From how many handshakes on a client has to come again. */
    static final int MANY = 256;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int TIME = Long.BYTES;
    private static final int TAG = 32;
    private static final int MAX_CONNECTION_ID = 20;
    private static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final IntSupplier handshakes;
    private final SecretKeySpec key;

    QuicheRetry(IntSupplier handshakes) {
        this.handshakes = handshakes;
        byte[] secret = new byte[TAG];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
        if (handshakes.getAsInt() < MANY) {
            return false;
        }
        byte[] id = bytes(connectionId);
        long now = System.nanoTime();
        out.writeLong(now).writeBytes(tag(now, address, id)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        byte[] all = bytes(token);
        if (all.length < TIME + TAG || all.length > maxTokenLength()) {
            return -1;
        }
        long time = ByteBuffer.wrap(all).getLong();
        byte[] id = Arrays.copyOfRange(all, TIME + TAG, all.length);
        boolean genuine = MessageDigest.isEqual(tag(time, address, id), Arrays.copyOfRange(all, TIME, TIME + TAG));
        return genuine && System.nanoTime() - time < LIFETIME_NANOS ? TIME + TAG : -1;
    }

    @Override
    public int maxTokenLength() {
        return TIME + TAG + MAX_CONNECTION_ID;
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    private byte[] tag(long time, InetSocketAddress address, byte[] id) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ByteBuffer.allocate(TIME + Integer.BYTES)
                    .putLong(time)
                    .putInt(address.getPort())
                    .flip());
            mac.update(address.getAddress().getAddress());
            mac.update((byte) id.length);
            return mac.doFinal(id);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
