package dev.masque.ohttp.hpke;

/**
 * KeySchedule in base mode (RFC 9180, 5.1) for one suite and one info: what depends on neither secret nor message is worked
 * out once. Immutable.
 */
public final class KeySchedule {
    private static final byte[] EMPTY = {};
    private static final byte BASE_MODE = 0;

    private final Kem kem;
    private final Aead aead;
    private final LabeledKdf kdf;
    private final byte[] context;

    private KeySchedule(Kem kem, Aead aead, LabeledKdf kdf, byte[] context) {
        this.kem = kem;
        this.aead = aead;
        this.kdf = kdf;
        this.context = context;
    }

    /**
     * A key schedule with HKDF-SHA256.
     *
     * @param kem the key encapsulation mechanism
     * @param aead the cipher
     * @param info what both sides must agree on
     * @return a key schedule
     */
    public static KeySchedule of(Kem kem, Aead aead, byte[] info) {
        LabeledKdf kdf = new LabeledKdf("HPKE", kem.id(), Hkdf.ID, aead.id());
        return new KeySchedule(kem, aead, kdf, keyScheduleContext(kdf, info));
    }

    /**
     * The key encapsulation mechanism.
     *
     * @return as given
     */
    public Kem kem() {
        return kem;
    }

    /**
     * The cipher.
     *
     * @return as given
     */
    public Aead aead() {
        return aead;
    }

    static byte[] keyScheduleContext(LabeledKdf kdf, byte[] info) {
        byte[] context = new byte[1 + 2 * Hkdf.HASH_LENGTH];
        context[0] = BASE_MODE;
        System.arraycopy(kdf.extract(EMPTY, "psk_id_hash", EMPTY), 0, context, 1, Hkdf.HASH_LENGTH);
        System.arraycopy(kdf.extract(EMPTY, "info_hash", info), 0, context, 1 + Hkdf.HASH_LENGTH, Hkdf.HASH_LENGTH);
        return context;
    }

    HpkeContext context(byte[] sharedSecret) {
        byte[] secret = kdf.extract(sharedSecret, "secret", EMPTY);
        AeadSequence messages = new AeadSequence(
                aead,
                kdf.expand(secret, "key", context, aead.keyLength()),
                kdf.expand(secret, "base_nonce", context, Aead.NONCE_LENGTH));
        return new HpkeContext(aead, kdf, messages, kdf.expand(secret, "exp", context, Hkdf.HASH_LENGTH));
    }
}
