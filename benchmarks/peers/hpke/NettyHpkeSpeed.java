import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.hpke.AEAD;
import io.netty.incubator.codec.hpke.AsymmetricCipherKeyPair;
import io.netty.incubator.codec.hpke.HPKERecipientContext;
import io.netty.incubator.codec.hpke.HPKESenderContext;
import io.netty.incubator.codec.hpke.KDF;
import io.netty.incubator.codec.hpke.KEM;
import io.netty.incubator.codec.hpke.OHttpCryptoProvider;
import io.netty.incubator.codec.hpke.boringssl.BoringSSLOHttpCryptoProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What hpke-speed.mjs does, with Netty's codec on BoringSSL: lines "open SECONDS", answered with operations a second of processor time. */
final class NettyHpkeSpeed {
    private static final int SIZE = 1200;
    private static final OHttpCryptoProvider CRYPTO = BoringSSLOHttpCryptoProvider.INSTANCE;
    private static final ByteBufAllocator BUFFERS = PooledByteBufAllocator.DEFAULT;
    private static final byte[] INFO = new byte[29];

    public static void main(String[] args) throws Exception {
        AsymmetricCipherKeyPair keys = CRYPTO.newRandomPrivateKey(KEM.X25519_SHA256);
        ByteBuf sealed = BUFFERS.directBuffer(SIZE + 16);
        byte[] encapsulated;
        try (HPKESenderContext sender = CRYPTO.setupHPKEBaseS(
                KEM.X25519_SHA256, KDF.HKDF_SHA256, AEAD.AES_GCM128, keys.publicParameters(), INFO, null)) {
            encapsulated = sender.encapsulation();
            ByteBuf plain = BUFFERS.directBuffer(SIZE).writeZero(SIZE);
            sender.seal(BUFFERS, Unpooled.EMPTY_BUFFER, plain, sealed);
        }
        System.out.println("ready");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            double seconds = Double.parseDouble(line.split(" ")[1]);
            long begin = threads.getCurrentThreadCpuTime();
            long spent = 0;
            long count = 0;
            while (spent < seconds * 1e9) {
                open(keys, encapsulated, sealed);
                count++;
                spent = threads.getCurrentThreadCpuTime() - begin;
            }
            System.out.println(count * 1e9 / spent);
        }
    }

    private static void open(AsymmetricCipherKeyPair keys, byte[] encapsulated, ByteBuf sealed) throws Exception {
        ByteBuf plain = BUFFERS.directBuffer(SIZE);
        try (HPKERecipientContext receiver = CRYPTO.setupHPKEBaseR(
                KEM.X25519_SHA256, KDF.HKDF_SHA256, AEAD.AES_GCM128, encapsulated, keys, INFO)) {
            receiver.open(BUFFERS, Unpooled.EMPTY_BUFFER, sealed.duplicate(), plain);
            if (plain.readableBytes() != SIZE) {
                throw new IllegalStateException("not the message");
            }
        } finally {
            plain.release();
        }
    }
}
