package dev.masque.privacypass.voprf;

import java.util.List;

/** A server's answer to blinded elements: the evaluated elements and one proof for all. Immutable. */
public final class Evaluation {
    private final List<byte[]> elements;
    private final byte[] proof;

    Evaluation(List<byte[]> elements, byte[] proof) {
        this.elements = elements;
        this.proof = proof;
    }

    /**
     * The evaluated elements, in the order of the blinded ones.
     *
     * @return new arrays
     */
    public List<byte[]> elements() {
        return elements.stream().map(byte[]::clone).toList();
    }

    /**
     * The proof that all were evaluated with the public key's private half.
     *
     * @return two scalars, a new array
     */
    public byte[] proof() {
        return proof.clone();
    }
}
