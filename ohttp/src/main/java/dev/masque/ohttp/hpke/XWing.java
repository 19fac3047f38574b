package dev.masque.ohttp.hpke;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/**
 * X-Wing, ML-KEM-768 and X25519 together (draft-connolly-cfrg-xwing-kem): as long as one of them holds, so does it. A private key
 * is a seed. Stateless.
 */
final class XWing implements KemAlgorithm {
    static final int ENCAPSULATED = 1120;
    static final int PUBLIC_KEY = 1216;

    private static final int SEED = 32;
    private static final int X25519_KEY = 32;
    private static final int MLKEM_SEED = 64;
    private static final int MLKEM_ENCAPSULATED = ENCAPSULATED - X25519_KEY;
    private static final int MLKEM_PUBLIC_KEY = PUBLIC_KEY - X25519_KEY;
    private static final byte[] LABEL = "\\.//^\\".getBytes(US_ASCII); // 5.3
    private static final byte[] EMPTY = {};

    private final LabeledKdf kdf = new LabeledKdf("KEM", 0x647a);
    private final X25519Group group = new X25519Group();

    /** The two private keys that a seed stands for (5.2). */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Expanded(MLKEMPrivateKeyParameters lattice, byte[] curve) {
        static Expanded of(byte[] seed) {
            SHAKEDigest shake = new SHAKEDigest(256);
            shake.update(seed, 0, seed.length);
            byte[] both = new byte[MLKEM_SEED + X25519_KEY];
            shake.doFinal(both, 0, both.length);
            return new Expanded(
                    new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOf(both, MLKEM_SEED)),
                    Arrays.copyOfRange(both, MLKEM_SEED, both.length));
        }

        @Override
        public String toString() {
            return "private keys";
        }
    }

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
        Expanded keys = Expanded.of(privateKey);
        return join(keys.lattice.getPublicKey(), group.publicKey(keys.curve));
    }

    @Override
    public void checkPrivateKey(byte[] privateKey) throws HpkeException {
        if (privateKey.length != SEED) {
            throw new HpkeException("no X-Wing private key");
        }
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws HpkeException {
        lattice(publicKey);
    }

    private static MLKEMPublicKeyParameters lattice(byte[] publicKey) throws HpkeException {
        if (publicKey.length != PUBLIC_KEY) {
            throw new HpkeException("no X-Wing public key");
        }
        try { // checks that its numbers are below the modulus (FIPS 203, 7.2)
            return new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOf(publicKey, MLKEM_PUBLIC_KEY));
        } catch (IllegalArgumentException e) {
            throw new HpkeException("no X-Wing public key");
        }
    }

    @Override
    public Encapsulated encapsulate(byte[] publicKey, SecureRandom random) throws HpkeException {
        MLKEMPublicKeyParameters lattice = lattice(publicKey);
        byte[] curve = Arrays.copyOfRange(publicKey, MLKEM_PUBLIC_KEY, PUBLIC_KEY);
        SecretWithEncapsulation told = new MLKEMGenerator(random).generateEncapsulated(lattice);
        byte[] ephemeral = group.newPrivateKey(random);
        byte[] sent = group.publicKey(ephemeral);
        byte[] secret = combine(told.getSecret(), group.agree(ephemeral, curve), sent, curve);
        return new Encapsulated(secret, join(told.getEncapsulation(), sent));
    }

    @Override
    public byte[] decapsulate(byte[] privateKey, byte[] publicKey, byte[] encapsulated) throws HpkeException {
        if (encapsulated.length != ENCAPSULATED) {
            throw new HpkeException("no X-Wing encapsulation");
        }
        Expanded keys = Expanded.of(privateKey);
        byte[] sent = Arrays.copyOfRange(encapsulated, MLKEM_ENCAPSULATED, ENCAPSULATED);
        byte[] told = new MLKEMExtractor(keys.lattice).extractSecret(Arrays.copyOf(encapsulated, MLKEM_ENCAPSULATED));
        byte[] curve = Arrays.copyOfRange(publicKey, MLKEM_PUBLIC_KEY, PUBLIC_KEY);
        return combine(told, group.agree(keys.curve, sent), sent, curve);
    }

    /** 5.3. */
    private static byte[] combine(byte[] lattice, byte[] curve, byte[] sent, byte[] publicKey) {
        SHA3Digest sha3 = new SHA3Digest(256);
        for (byte[] part : new byte[][] {lattice, curve, sent, publicKey, LABEL}) {
            sha3.update(part, 0, part.length);
        }
        byte[] secret = new byte[sha3.getDigestSize()];
        sha3.doFinal(secret, 0);
        return secret;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
