package dev.masque.ohttp.hpke;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * X25519 (RFC 7748) on Bouncy Castle's low-level class: constant-time like the JDK's, and about twice as fast. Stateless.
 */
final class X25519Group implements DhGroup {
    private static final byte[] EMPTY = {};

    @Override
    public byte[] newPrivateKey(SecureRandom random) {
        byte[] key = new byte[X25519.SCALAR_SIZE];
        random.nextBytes(key);
        return key;
    }

    @Override
    public byte[] derivePrivateKey(LabeledKdf kdf, byte[] ikm) {
        return kdf.expand(kdf.extract(EMPTY, "dkp_prk", ikm), "sk", EMPTY, X25519.SCALAR_SIZE);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        byte[] key = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(privateKey, 0, key, 0);
        return key;
    }

    @Override
    public void checkPrivateKey(byte[] privateKey) throws HpkeException {
        if (privateKey.length != X25519.SCALAR_SIZE) {
            throw new HpkeException("no X25519 private key");
        }
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws HpkeException {
        if (publicKey.length != X25519.POINT_SIZE) {
            throw new HpkeException("no X25519 public key");
        }
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] publicKey) throws HpkeException {
        checkPublicKey(publicKey);
        byte[] shared = new byte[X25519.POINT_SIZE];
        // false for all zeros, a point of small order: the secret would be known to everybody (RFC 9180, 7.1.4)
        if (!X25519.calculateAgreement(privateKey, 0, publicKey, 0, shared, 0)) {
            throw new HpkeException("no acceptable X25519 public key");
        }
        return shared;
    }
}
