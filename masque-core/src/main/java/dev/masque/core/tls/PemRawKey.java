package dev.masque.core.tls;

import dev.masque.core.Bytes;
import dev.masque.core.tls.IdentityException.Problem;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a key pair from PEM, RFC 7468, and finds the public key where only the private one is written. Without state. */
final class PemRawKey {
    private static final byte[] POINT_FOLLOWS = {(byte) 0xa1, 0x44, 0x03, 0x42, 0x00, 0x04
    }; // ECPrivateKey, RFC 5915, 3
    private static final int POINT = 64;

    private PemRawKey() {}

    static RawKey load(Path file) throws IdentityException {
        Pem.Block block = Pem.privateKey(file);
        PrivateKey key = Pem.pkcs8(file, block, "EdDSA");
        try {
            PublicKey publicKey = written(file);
            return RawKey.of(key, publicKey == null ? derived(file, key, block.content()) : publicKey);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(Problem.KEY, "the public key in " + file + " is broken", e);
        }
    }

    private static @Nullable PublicKey written(Path file) throws IdentityException, GeneralSecurityException {
        for (Pem.Block block : Pem.blocks(file, Problem.KEY)) {
            if (block.label().equals("PUBLIC KEY")) {
                return publicKey(block.content());
            }
        }
        return null;
    }

    private static PublicKey publicKey(Bytes info) throws GeneralSecurityException {
        return KeyFactory.getInstance(RawKeyInfo.isEd25519(info) ? "Ed25519" : "EC")
                .generatePublic(new X509EncodedKeySpec(info.toArray()));
    }

    private static PublicKey derived(Path file, PrivateKey key, Bytes content)
            throws IdentityException, GeneralSecurityException {
        if (key instanceof EdECPrivateKey edwards && edwards.getBytes().isPresent()) {
            return ofSeed(edwards.getBytes().get());
        }
        byte[] bytes = content.toArray();
        int at = bytes.length - POINT;
        if (at < POINT_FOLLOWS.length
                || !Arrays.equals(bytes, at - POINT_FOLLOWS.length, at, POINT_FOLLOWS, 0, POINT_FOLLOWS.length)) {
            throw new IdentityException(
                    Problem.KEY_FORMAT,
                    "a raw public key is of Ed25519 or P-256, and " + file
                            + " has none; if the key is of P-256, add its public key: openssl pkey -in " + file
                            + " -pubout",
                    null);
        }
        return publicKey(Bytes.copyOf(RawKeyInfo.ofPoint(bytes, at)));
    }

    /** The JDK makes the pair of a seed that it takes for random; the pair is checked by what uses it. */
    private static PublicKey ofSeed(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(255, new Seed(seed));
        return generator.generateKeyPair().getPublic();
    }

    /** Not random: one answer. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
        }
    }
}
