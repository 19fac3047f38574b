package dev.masque.bench.micro;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.HpkeContext;
import dev.masque.ohttp.hpke.HpkeException;
import dev.masque.ohttp.hpke.HpkeKeyPair;
import dev.masque.ohttp.hpke.Kem;
import dev.masque.ohttp.hpke.KeySchedule;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a gateway does with each request: receives a sealed message of 1200 bytes, and opens it. */
@State(Scope.Thread)
public class Hpke {
    private static final byte[] INFO = new byte[29];
    private static final byte[] AAD = {};
    private static final int SIZE = 1200;

    private final SecureRandom random = new SecureRandom();
    private final HpkeKeyPair keys = HpkeKeyPair.generate(Kem.X25519, random);
    private final KeySchedule schedule = KeySchedule.of(Kem.X25519, Aead.AES_128_GCM, INFO);
    private final HPKE theirs =
            new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    private final AsymmetricCipherKeyPair theirKeys =
            theirs.deserializePrivateKey(keys.exportPrivateKey(), keys.publicKey());
    private final byte[] encapsulated;
    private final byte[] sealed = new byte[SIZE + Aead.TAG_LENGTH];

    /** Seals the message. */
    public Hpke() {
        try {
            HpkeContext.Sender sender = HpkeContext.send(schedule, keys.publicKey(), random);
            sender.context().messages().seal(AAD, new byte[SIZE], 0, SIZE, sealed, 0);
            encapsulated = sender.encapsulated();
        } catch (HpkeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ours. */
    @Benchmark
    public byte[] openOurs() throws HpkeException {
        return HpkeContext.receive(schedule, keys, encapsulated).messages().open(AAD, sealed, 0, sealed.length);
    }

    /** Bouncy Castle's. */
    @Benchmark
    public byte[] openBouncyCastle() throws InvalidCipherTextException {
        return theirs.setupBaseR(encapsulated, theirKeys, INFO).open(AAD, sealed);
    }
}
