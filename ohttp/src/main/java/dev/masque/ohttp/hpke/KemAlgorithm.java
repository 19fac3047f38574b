package dev.masque.ohttp.hpke;

import java.security.SecureRandom;

/** What a key encapsulation mechanism does (RFC 9180, 4). Stateless; keys are in their serialized form. */
interface KemAlgorithm {
    /** A new private key. */
    byte[] newPrivateKey(SecureRandom random);

    /** DeriveKeyPair without the public half. */
    byte[] derivePrivateKey(byte[] ikm);

    /** The public key of a private key that was checked. */
    byte[] publicKey(byte[] privateKey);

    /** Refuses what is no private key. */
    void checkPrivateKey(byte[] privateKey) throws HpkeException;

    /** Refuses what is no public key. */
    void checkPublicKey(byte[] publicKey) throws HpkeException;

    /** A shared secret and how to tell the owner of a public key. */
    Encapsulated encapsulate(byte[] publicKey, SecureRandom random) throws HpkeException;

    /** The shared secret that was told. */
    byte[] decapsulate(byte[] privateKey, byte[] publicKey, byte[] encapsulated) throws HpkeException;

    /** A shared secret, and what to send. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed on and dropped
    record Encapsulated(byte[] secret, byte[] sent) {
        @Override
        public String toString() {
            return "an encapsulated secret";
        }
    }
}
