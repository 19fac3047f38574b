package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.HpkeContext;
import dev.masque.ohttp.hpke.HpkeException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * A fresh HPKE context for one request, and the bytes that a request starts with.
 *
 * @param header key identifier, algorithms and encapsulated key
 * @param sender the context
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; handed on and dropped
record ClientSetup(byte[] header, HpkeContext.Sender sender) {
    static final SecureRandom RANDOM = new SecureRandom();

    static ClientSetup of(KeyConfig config, Encapsulation form, SecureRandom random) throws OhttpException {
        Aead aead = config.aead()
                .orElseThrow(() -> new OhttpException(
                        OhttpException.Kind.UNKNOWN_KEY, "a key configuration offers no algorithm known here"));
        try {
            HpkeContext.Sender sender =
                    HpkeContext.send(form.schedule(config.keyId(), config.kem(), aead), config.key(), random);
            byte[] header = ByteBuffer.allocate(Encapsulation.HEADER + sender.encapsulated().length)
                    .put(Encapsulation.header(config.keyId(), config.kem(), aead))
                    .put(sender.encapsulated())
                    .array();
            return new ClientSetup(header, sender);
        } catch (HpkeException e) {
            throw new OhttpException(OhttpException.Kind.MALFORMED, "a key configuration has no acceptable public key");
        }
    }

    @Override
    public String toString() {
        return "a client's setup";
    }
}
