package dev.masque.core.tls;

import dev.masque.core.Bytes;
import dev.masque.core.tls.IdentityException.Problem;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;

/**
 * A key pair by which a proxy is known without a certificate: a raw public key, RFC 7250. Immutable. Ed25519, or ECDSA on P-256.
 * The other side knows it by its {@linkplain #pin() pin}, and by nothing else: no name, no validity, no issuer.
 */
public final class RawKey {
    private final PrivateKey key;
    private final PublicKey publicKey;
    private final Bytes info;
    private final RawKeyPin pin;

    private RawKey(PrivateKey key, PublicKey publicKey, Bytes info) {
        this.key = key;
        this.publicKey = publicKey;
        this.info = info;
        this.pin = RawKeyPin.ofInfo(info);
    }

    /**
     * A key pair.
     *
     * @param key the private key
     * @param publicKey its public key
     * @return the identity
     * @throws IdentityException if they are of another kind, or not a pair
     */
    public static RawKey of(PrivateKey key, PublicKey publicKey) throws IdentityException {
        Bytes info = Bytes.copyOf(publicKey.getEncoded());
        if (!RawKeyInfo.isSupported(info)) {
            throw new IdentityException(
                    Problem.KEY_FORMAT, "a raw public key is of Ed25519 or P-256, this one is not", null);
        }
        if (!KeyMatch.matches(key, publicKey)) {
            throw new IdentityException(Problem.MISMATCH, "the private key is not that of the public key", null);
        }
        return new RawKey(key, publicKey, info);
    }

    /**
     * A key from a PEM file, such as {@code openssl genpkey -algorithm ed25519} writes.
     *
     * @param file the private key, unencrypted PKCS#8 ({@code BEGIN PRIVATE KEY}); of P-256 it has to hold its public key, as those
     *     of OpenSSL and GnuTLS do, or that follows as {@code BEGIN PUBLIC KEY}
     * @return the identity
     * @throws IdentityException if the file cannot be read or used; the message says what to do
     */
    public static RawKey fromPem(Path file) throws IdentityException {
        return PemRawKey.load(file);
    }

    /**
     * What the other side knows the key by.
     *
     * @return the hash of the public key
     */
    public RawKeyPin pin() {
        return pin;
    }

    /**
     * The private key.
     *
     * @return Ed25519 or P-256
     */
    public PrivateKey key() {
        return key;
    }

    /**
     * The public key.
     *
     * @return Ed25519 or P-256
     */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The public key as it is shown in a handshake.
     *
     * @return the DER of its SubjectPublicKeyInfo, RFC 5280, 4.1
     */
    public Bytes info() {
        return info;
    }

    /** Shows nothing of the private key. */
    @Override
    public String toString() {
        return "RawKey[" + pin + "]";
    }
}
