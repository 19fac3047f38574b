package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** The Ed25519 key a first hop signs attestations with. Immutable; prints as its id only. */
public final class GeoSigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final String LABEL = "PRIVATE KEY";
    private static final int MAX_DOCUMENT = 8192;

    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final String id;

    private GeoSigningKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.id = GeoKeySet.id(publicKey);
    }

    /**
     * A new key.
     *
     * @return a key of the platform's secure random generator
     */
    public static GeoSigningKey generate() {
        try {
            return of(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java since 15 has Ed25519", e);
        }
    }

    /**
     * A key from elsewhere.
     *
     * @param pair an Ed25519 key pair
     * @return the key
     * @throws IllegalArgumentException if it is no Ed25519 key or the two do not belong together
     */
    public static GeoSigningKey of(KeyPair pair) {
        GeoKeySet.requireEd25519(pair.getPublic());
        GeoSigningKey key = new GeoSigningKey(pair.getPrivate(), pair.getPublic());
        if (!key.isPair()) {
            throw new IllegalArgumentException("the private key is not that of the public key");
        }
        return key;
    }

    /**
     * Reads a {@code PRIVATE KEY} block, PKCS #8 in PEM, as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @param pem the text
     * @return the key
     * @throws MalformedGeoException if it does not hold one Ed25519 private key
     */
    public static GeoSigningKey parse(String pem) throws MalformedGeoException {
        List<byte[]> blocks = Pem.read(LABEL, pem, MAX_DOCUMENT, 1);
        if (blocks.isEmpty()) {
            throw new MalformedGeoException(Reason.EMPTY, "no private key");
        }
        byte[] block = blocks.get(0);
        try {
            PrivateKey privateKey = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(block));
            byte[] seed = ((EdECPrivateKey) privateKey).getBytes().orElseThrow(InvalidKeyException::new);
            GeoSigningKey key = new GeoSigningKey(privateKey, publicKey(seed));
            Arrays.fill(seed, (byte) 0);
            if (!key.isPair()) {
                throw new InvalidKeyException();
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new MalformedGeoException(Reason.KEY, "not an Ed25519 private key that this Java can use");
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    /**
     * The public key of a seed. The JDK computes it in one place only, where it makes a key pair from 32 random bytes;
     * what comes out is checked by a signature.
     */
    private static PublicKey publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
        return generator.generateKeyPair().getPublic();
    }

    private boolean isPair() {
        byte[] data = {1};
        try {
            return verify(publicKey, data, sign(data));
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /**
     * The key to store, as {@link #parse} reads it. A secret.
     *
     * @return one {@code PRIVATE KEY} block in PEM
     */
    public String privatePem() {
        return Pem.write(LABEL, privateKey.getEncoded());
    }

    /**
     * The public half.
     *
     * @return the key to publish
     */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The key's id.
     *
     * @return 16 hexadecimal digits
     */
    public String id() {
        return id;
    }

    /** Ed25519, RFC 8032: the same bytes every time. */
    byte[] sign(byte[] data) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with this key", e);
        }
    }

    static boolean verify(PublicKey key, byte[] data, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(data);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The key's id, nothing secret. */
    @Override
    public String toString() {
        return "GeoSigningKey " + id;
    }

    /** "Random" bytes that are given. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] bytes;

        Given(byte[] bytes) {
            super(null, null);
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] to) {
            System.arraycopy(bytes, 0, to, 0, to.length);
        }
    }
}
