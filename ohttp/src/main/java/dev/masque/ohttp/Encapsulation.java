package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.AeadSequence;
import dev.masque.ohttp.hpke.Hkdf;
import dev.masque.ohttp.hpke.HpkeContext;
import dev.masque.ohttp.hpke.Kem;
import dev.masque.ohttp.hpke.KeySchedule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the whole and the chunked form of encapsulation have in common; they differ in their labels. Immutable. */
enum Encapsulation {
    /** RFC 9458, 4. */
    WHOLE("message/bhttp request", "message/bhttp response"),
    /** draft-ietf-ohai-chunked-ohttp, 6. */
    CHUNKED("message/bhttp chunked request", "message/bhttp chunked response");

    /** Bytes that name the key and the algorithms at the start of a request. */
    static final int HEADER = 7;

    private static final byte[] KEY = ascii("key");
    private static final byte[] NONCE = ascii("nonce");

    private final String request;
    private final String response;

    Encapsulation(String request, String response) {
        this.request = request;
        this.response = response;
    }

    static byte[] header(int keyId, Kem kem, Aead aead) {
        return ByteBuffer.allocate(HEADER)
                .put((byte) keyId)
                .putShort((short) kem.id())
                .putShort((short) Hkdf.ID)
                .putShort((short) aead.id())
                .array();
    }

    /** The key schedule of requests under a key (RFC 9458, 4.3). */
    KeySchedule schedule(int keyId, Kem kem, Aead aead) {
        byte[] label = ascii(request);
        byte[] info = ByteBuffer.allocate(label.length + 1 + HEADER)
                .put(label)
                .put((byte) 0)
                .put(header(keyId, kem, aead))
                .array();
        return KeySchedule.of(kem, aead, info);
    }

    /** Bytes in the nonce at the start of a response. */
    static int nonceLength(Aead aead) {
        return Math.max(Aead.NONCE_LENGTH, aead.keyLength());
    }

    /** The cipher of the response (RFC 9458, 4.4). */
    AeadSequence response(HpkeContext context, byte[] encapsulatedKey, byte[] responseNonce) {
        Aead aead = context.aead();
        byte[] secret = context.export(ascii(response), nonceLength(aead));
        byte[] salt = ByteBuffer.allocate(encapsulatedKey.length + responseNonce.length)
                .put(encapsulatedKey)
                .put(responseNonce)
                .array();
        byte[] prk = Hkdf.extract(salt, secret);
        return new AeadSequence(
                aead, Hkdf.expand(prk, aead.keyLength(), KEY), Hkdf.expand(prk, Aead.NONCE_LENGTH, NONCE));
    }

    /** The remaining bytes in an array of their own; used up. */
    static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
