package dev.masque.ohttp.hpke;

import java.security.SecureRandom;

/** A Diffie-Hellman group for {@link DhKem}. Stateless; keys are in their serialized form. */
interface DhGroup {
    byte[] newPrivateKey(SecureRandom random);

    byte[] derivePrivateKey(LabeledKdf kdf, byte[] ikm);

    byte[] publicKey(byte[] privateKey);

    void checkPrivateKey(byte[] privateKey) throws HpkeException;

    void checkPublicKey(byte[] publicKey) throws HpkeException;

    /** The shared point of a checked private key and a public key as it came; checks that, and the outcome. */
    byte[] agree(byte[] privateKey, byte[] publicKey) throws HpkeException;
}
