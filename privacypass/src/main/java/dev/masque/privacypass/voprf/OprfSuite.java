package dev.masque.privacypass.voprf;

/** A prime-order group and hash function for oblivious pseudorandom functions (RFC 9497, 4). */
public enum OprfSuite {
    /** OPRF(P-384, SHA-384): Privacy Pass token type 0x0001. */
    P384_SHA384("P384-SHA384", "SHA-384", 49, 48, 48),
    /** OPRF(ristretto255, SHA-512): Privacy Pass token type 0x0005. */
    RISTRETTO255_SHA512("ristretto255-SHA512", "SHA-512", 32, 32, 64),
    /** OPRF(P-256, SHA-256). */
    P256_SHA256("P256-SHA256", "SHA-256", 33, 32, 32);

    private final String identifier;
    private final String hash;
    private final int elementLength;
    private final int scalarLength;
    private final int outputLength;

    OprfSuite(String identifier, String hash, int elementLength, int scalarLength, int outputLength) {
        this.identifier = identifier;
        this.hash = hash;
        this.elementLength = elementLength;
        this.scalarLength = scalarLength;
        this.outputLength = outputLength;
    }

    /**
     * The size of an encoded group element (Ne), also of a public key.
     *
     * @return bytes
     */
    public int elementLength() {
        return elementLength;
    }

    /**
     * The size of an encoded scalar (Ns), also of a private key; a proof is two of them.
     *
     * @return bytes
     */
    public int scalarLength() {
        return scalarLength;
    }

    /**
     * The size of an output (Nk).
     *
     * @return bytes
     */
    public int outputLength() {
        return outputLength;
    }

    String hash() {
        return hash;
    }

    Group group() {
        return switch (this) {
            case P384_SHA384 -> P384.GROUP;
            case RISTRETTO255_SHA512 -> Ristretto255.GROUP;
            case P256_SHA256 -> P256.GROUP;
        };
    }

    /** The identifier of RFC 9497, 4. */
    @Override
    public String toString() {
        return identifier;
    }

    private static final class P384 {
        private static final Group GROUP = WeierstrassGroup.p384();
    }

    private static final class Ristretto255 {
        private static final Group GROUP = new RistrettoGroup();
    }

    private static final class P256 {
        private static final Group GROUP = WeierstrassGroup.p256();
    }
}
