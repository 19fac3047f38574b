package dev.masque.ohttp;

/**
 * A pair of algorithms that a key configuration offers. Those that are not implemented here are values like any other.
 *
 * @param kdfId as in the registry of HPKE KDF identifiers
 * @param aeadId as in the registry of HPKE AEAD identifiers
 */
public record SymmetricAlgorithms(int kdfId, int aeadId) {
    /** Checks that both have two bytes. */
    public SymmetricAlgorithms {
        if (kdfId < 0 || kdfId > 0xffff || aeadId < 0 || aeadId > 0xffff) {
            throw new IllegalArgumentException("an algorithm identifier has two bytes");
        }
    }
}
