package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.Hkdf;
import java.nio.ByteBuffer;

/**
 * The start of an encapsulated request: which key and which algorithms it is for (RFC 9458, 4.1).
 *
 * @param key the key of this gateway that it names
 * @param aead the cipher
 */
record RequestHeader(GatewayKey key, Aead aead) {
    static RequestHeader read(ByteBuffer in, GatewayKeys keys) throws OhttpException {
        GatewayKey key = keys.find(in.get() & 0xff);
        int kemId = in.getShort() & 0xffff;
        int kdfId = in.getShort() & 0xffff;
        int aeadId = in.getShort() & 0xffff;
        if (key == null) {
            throw unknown("key identifier unknown");
        }
        if (key.config().kemId() != kemId || kdfId != Hkdf.ID) {
            throw unknown("algorithms not those of the key");
        }
        return new RequestHeader(key, Aead.of(aeadId).orElseThrow(() -> unknown("algorithms not those of the key")));
    }

    int encapsulatedKeyLength() {
        return key.type().kem().encapsulatedLength();
    }

    private static OhttpException unknown(String message) {
        return new OhttpException(OhttpException.Kind.UNKNOWN_KEY, message);
    }
}
