package dev.masque.ohttp.hpke;

import java.security.SecureRandom;

/** DHKEM with HKDF-SHA256 over a group (RFC 9180, 4.1). Stateless. */
final class DhKem implements KemAlgorithm {
    private static final byte[] EMPTY = {};

    private final DhGroup group;
    private final LabeledKdf kdf;

    DhKem(int id, DhGroup group) {
        this.group = group;
        this.kdf = new LabeledKdf("KEM", id);
    }

    @Override
    public byte[] newPrivateKey(SecureRandom random) {
        return group.newPrivateKey(random);
    }

    @Override
    public byte[] derivePrivateKey(byte[] ikm) {
        return group.derivePrivateKey(kdf, ikm);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        return group.publicKey(privateKey);
    }

    @Override
    public void checkPrivateKey(byte[] privateKey) throws HpkeException {
        group.checkPrivateKey(privateKey);
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws HpkeException {
        group.checkPublicKey(publicKey);
    }

    @Override
    public Encapsulated encapsulate(byte[] publicKey, SecureRandom random) throws HpkeException {
        byte[] ephemeral = group.newPrivateKey(random);
        byte[] sent = group.publicKey(ephemeral);
        return new Encapsulated(secret(group.agree(ephemeral, publicKey), sent, publicKey), sent);
    }

    @Override
    public byte[] decapsulate(byte[] privateKey, byte[] publicKey, byte[] encapsulated) throws HpkeException {
        return secret(group.agree(privateKey, encapsulated), encapsulated, publicKey);
    }

    /** ExtractAndExpand. */
    private byte[] secret(byte[] shared, byte[] encapsulated, byte[] receiver) {
        byte[] context = new byte[encapsulated.length + receiver.length];
        System.arraycopy(encapsulated, 0, context, 0, encapsulated.length);
        System.arraycopy(receiver, 0, context, encapsulated.length, receiver.length);
        return kdf.expand(kdf.extract(EMPTY, "eae_prk", shared), "shared_secret", context, Hkdf.HASH_LENGTH);
    }
}
