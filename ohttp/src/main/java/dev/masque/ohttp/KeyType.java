package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Kem;

/** The kinds of keys a gateway can have. */
public enum KeyType {
    /** X25519, with DHKEM(X25519, HKDF-SHA256): the common one, and the fastest. */
    X25519(Kem.X25519),
    /** P-256, with DHKEM(P-256, HKDF-SHA256). */
    P256(Kem.P256),
    /**
     * X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 with X25519, for what is to be secret for longer than X25519 may hold.
     * Requests grow by about a kilobyte.
     */
    X_WING(Kem.X_WING);

    private final Kem kem;

    KeyType(Kem kem) {
        this.kem = kem;
    }

    /**
     * The identifier of its key encapsulation mechanism.
     *
     * @return as in the registry of HPKE KEM identifiers
     */
    public int kemId() {
        return kem.id();
    }

    Kem kem() {
        return kem;
    }
}
