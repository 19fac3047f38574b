package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.Hkdf;
import dev.masque.ohttp.hpke.HpkeContext;
import dev.masque.ohttp.hpke.HpkeException;
import dev.masque.ohttp.hpke.HpkeKeyPair;
import dev.masque.ohttp.hpke.KeySchedule;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway's key: a private key and the configuration that clients see. It takes every cipher that is implemented. Immutable
 * and thread-safe; shows its private key only to {@link #exportPrivateKey()}.
 */
public final class GatewayKey {
    private static final List<SymmetricAlgorithms> ALGORITHMS = Arrays.stream(Aead.values())
            .map(aead -> new SymmetricAlgorithms(Hkdf.ID, aead.id()))
            .toList();

    private final KeyType type;
    private final HpkeKeyPair keys;
    private final KeyConfig config;
    private final Map<Encapsulation, Map<Aead, KeySchedule>> schedules = new EnumMap<>(Encapsulation.class);

    private GatewayKey(int keyId, KeyType type, HpkeKeyPair keys) {
        this.type = type;
        this.keys = keys;
        this.config = new KeyConfig(keyId, type.kem(), keys.publicKey(), ALGORITHMS);
        for (Encapsulation form : Encapsulation.values()) {
            Map<Aead, KeySchedule> byCipher = new EnumMap<>(Aead.class);
            for (Aead aead : Aead.values()) {
                byCipher.put(aead, form.schedule(keyId, type.kem(), aead));
            }
            schedules.put(form, byCipher);
        }
    }

    /**
     * A new key.
     *
     * @param keyId how requests name it, 0 to 255
     * @param type what kind of key
     * @param random where it comes from
     * @return a key
     */
    public static GatewayKey generate(int keyId, KeyType type, SecureRandom random) {
        return new GatewayKey(keyId, type, HpkeKeyPair.generate(type.kem(), random));
    }

    /**
     * A key that was kept.
     *
     * @param keyId how requests name it, 0 to 255
     * @param type what kind of key
     * @param privateKey what {@link #exportPrivateKey()} gave; used up
     * @return the key
     * @throws OhttpException if that is no private key of this type
     */
    public static GatewayKey restore(int keyId, KeyType type, ByteBuffer privateKey) throws OhttpException {
        try {
            return new GatewayKey(keyId, type, HpkeKeyPair.of(type.kem(), Encapsulation.bytes(privateKey)));
        } catch (HpkeException e) {
            throw new OhttpException(OhttpException.Kind.MALFORMED, "no private key of type " + type);
        }
    }

    /**
     * What clients see of it.
     *
     * @return its key configuration
     */
    public KeyConfig config() {
        return config;
    }

    /**
     * What kind of key it is.
     *
     * @return its type
     */
    public KeyType type() {
        return type;
    }

    /**
     * The secret itself, to store it where only its owner reads.
     *
     * @return a copy that is the caller's to wipe
     */
    public ByteBuffer exportPrivateKey() {
        return ByteBuffer.wrap(keys.exportPrivateKey());
    }

    HpkeContext receive(Encapsulation form, Aead aead, byte[] encapsulatedKey) throws OhttpException {
        KeySchedule schedule = schedules.getOrDefault(form, Map.of()).get(aead);
        if (schedule == null) {
            throw new IllegalStateException("no key schedule for " + aead);
        }
        try {
            return HpkeContext.receive(schedule, keys, encapsulatedKey);
        } catch (HpkeException e) {
            throw new OhttpException(
                    OhttpException.Kind.UNDECRYPTABLE, "an encapsulated request has no acceptable key");
        }
    }

    @Override
    public String toString() {
        return "gateway " + config;
    }
}
