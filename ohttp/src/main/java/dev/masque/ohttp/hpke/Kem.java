package dev.masque.ohttp.hpke;

import java.util.Optional;

/** The key encapsulation mechanisms that are implemented (RFC 9180, 7.1). */
public enum Kem {
    /** DHKEM(X25519, HKDF-SHA256). */
    X25519(0x0020, 32, 32, new DhKem(0x0020, new X25519Group())),
    /** DHKEM(P-256, HKDF-SHA256). */
    P256(0x0010, 65, 65, new DhKem(0x0010, new P256Group())),
    /** X-Wing: ML-KEM-768 with X25519. */
    X_WING(0x647a, XWing.ENCAPSULATED, XWing.PUBLIC_KEY, new XWing());

    private final int id;
    private final int encapsulatedLength;
    private final int publicKeyLength;

    @SuppressWarnings("ImmutableEnumChecker") // algorithms have no state
    private final KemAlgorithm algorithm;

    Kem(int id, int encapsulatedLength, int publicKeyLength, KemAlgorithm algorithm) {
        this.id = id;
        this.encapsulatedLength = encapsulatedLength;
        this.publicKeyLength = publicKeyLength;
        this.algorithm = algorithm;
    }

    /**
     * The mechanism with an identifier.
     *
     * @param id as in the registry of HPKE KEM identifiers
     * @return the mechanism, if it is implemented
     */
    public static Optional<Kem> of(int id) {
        for (Kem kem : values()) {
            if (kem.id == id) {
                return Optional.of(kem);
            }
        }
        return Optional.empty();
    }

    /**
     * Its identifier.
     *
     * @return as in the registry of HPKE KEM identifiers
     */
    public int id() {
        return id;
    }

    /**
     * The length of an encapsulated key, Nenc.
     *
     * @return in bytes
     */
    public int encapsulatedLength() {
        return encapsulatedLength;
    }

    /**
     * The length of a public key, Npk.
     *
     * @return in bytes
     */
    public int publicKeyLength() {
        return publicKeyLength;
    }

    /**
     * Refuses what is no public key: wrong length, a point that is not on the curve.
     *
     * @param publicKey in its serialized form
     * @throws HpkeException if it is not acceptable
     */
    public void checkPublicKey(byte[] publicKey) throws HpkeException {
        algorithm.checkPublicKey(publicKey);
    }

    KemAlgorithm algorithm() {
        return algorithm;
    }
}
