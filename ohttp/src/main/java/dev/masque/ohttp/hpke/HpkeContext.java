package dev.masque.ohttp.hpke;

import java.security.SecureRandom;

/**
 * What a sender and a receiver share once a key is encapsulated (RFC 9180, 5): messages in one direction, and secrets for
 * other purposes. For one thread at a time.
 */
public final class HpkeContext {
    private final Aead aead;
    private final LabeledKdf kdf;
    private final AeadSequence messages;
    private final byte[] exporter;

    HpkeContext(Aead aead, LabeledKdf kdf, AeadSequence messages, byte[] exporter) {
        this.aead = aead;
        this.kdf = kdf;
        this.messages = messages;
        this.exporter = exporter;
    }

    /**
     * A context to send with, under a fresh key: SetupBaseS.
     *
     * @param schedule what both sides agree on
     * @param publicKey the receiver's
     * @param random where the fresh key comes from
     * @return a context and what tells the receiver
     * @throws HpkeException if the public key is not acceptable
     */
    public static Sender send(KeySchedule schedule, byte[] publicKey, SecureRandom random) throws HpkeException {
        KemAlgorithm.Encapsulated encapsulated = schedule.kem().algorithm().encapsulate(publicKey, random);
        return new Sender(schedule.context(encapsulated.secret()), encapsulated.sent());
    }

    /**
     * A context to receive with: SetupBaseR.
     *
     * @param schedule what both sides agree on
     * @param keys the receiver's
     * @param encapsulated what the sender told
     * @return a context
     * @throws HpkeException if the encapsulated key is not acceptable
     */
    public static HpkeContext receive(KeySchedule schedule, HpkeKeyPair keys, byte[] encapsulated)
            throws HpkeException {
        if (keys.kem() != schedule.kem()) {
            throw new IllegalArgumentException("a key for " + keys.kem() + " in a suite with " + schedule.kem());
        }
        return schedule.context(keys.decapsulate(encapsulated));
    }

    /**
     * The cipher.
     *
     * @return that of the key schedule
     */
    public Aead aead() {
        return aead;
    }

    /**
     * The messages: the sender seals with it, the receiver opens.
     *
     * @return always the same
     */
    public AeadSequence messages() {
        return messages;
    }

    /**
     * A secret for another purpose (RFC 9180, 5.3).
     *
     * @param context which purpose
     * @param length bytes wanted, up to 255 times 32
     * @return the secret
     */
    public byte[] export(byte[] context, int length) {
        return kdf.expand(exporter, "sec", context, length);
    }

    /**
     * A context to send with, and the encapsulated key that the receiver needs.
     *
     * @param context seals
     * @param encapsulated to be sent ahead
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed on and dropped
    public record Sender(HpkeContext context, byte[] encapsulated) {
        @Override
        public String toString() {
            return "a sending context";
        }
    }
}
