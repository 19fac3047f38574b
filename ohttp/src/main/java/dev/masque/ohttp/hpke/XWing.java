package dev.masque.ohttp.hpke;

import java.security.SecureRandom;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyGenerationParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyPairGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;

/**
 * X-Wing, ML-KEM-768 and X25519 together (draft-connolly-cfrg-xwing-kem): as long as one of them holds, so does it. A private key
 * is a seed. Stateless.
 */
final class XWing implements KemAlgorithm {
    static final int ENCAPSULATED = 1120;
    static final int PUBLIC_KEY = 1216;
    private static final int SEED = 32;
    private static final byte[] EMPTY = {};

    private final LabeledKdf kdf = new LabeledKdf("KEM", 0x647a);

    @Override
    public byte[] newPrivateKey(SecureRandom random) {
        byte[] seed = new byte[SEED];
        random.nextBytes(seed);
        return seed;
    }

    @Override
    public byte[] derivePrivateKey(byte[] ikm) {
        return kdf.expand(kdf.extract(EMPTY, "dkp_prk", ikm), "sk", EMPTY, SEED);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        XWingKeyPairGenerator generator = new XWingKeyPairGenerator();
        generator.init(new XWingKeyGenerationParameters(new Seed(privateKey)));
        return ((XWingPublicKeyParameters) generator.generateKeyPair().getPublic()).getEncoded();
    }

    @Override
    public void checkPrivateKey(byte[] privateKey) throws HpkeException {
        if (privateKey.length != SEED) {
            throw new HpkeException("no X-Wing private key");
        }
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws HpkeException {
        parse(publicKey);
    }

    private static XWingPublicKeyParameters parse(byte[] publicKey) throws HpkeException {
        if (publicKey.length != PUBLIC_KEY) {
            throw new HpkeException("no X-Wing public key");
        }
        try {
            return new XWingPublicKeyParameters(publicKey);
        } catch (IllegalArgumentException e) {
            throw new HpkeException("no X-Wing public key");
        }
    }

    @Override
    public Encapsulated encapsulate(byte[] publicKey, SecureRandom random) throws HpkeException {
        try {
            SecretWithEncapsulation made = new XWingKEMGenerator(random).generateEncapsulated(parse(publicKey));
            return new Encapsulated(made.getSecret(), made.getEncapsulation());
        } catch (IllegalArgumentException | IllegalStateException e) { // X25519 with a point of small order
            throw new HpkeException("no acceptable X-Wing public key");
        }
    }

    @Override
    public byte[] decapsulate(byte[] privateKey, byte[] publicKey, byte[] encapsulated) throws HpkeException {
        if (encapsulated.length != ENCAPSULATED) {
            throw new HpkeException("no X-Wing encapsulation");
        }
        try {
            return new XWingKEMExtractor(new XWingPrivateKeyParameters(privateKey)).extractSecret(encapsulated);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new HpkeException("no acceptable X-Wing encapsulation");
        }
    }

    /** What a key pair is made from, in the place of chance. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
