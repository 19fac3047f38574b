package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.HpkeContext;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** One request and its response on the gateway's side, each whole. For one thread at a time. */
public final class GatewayExchange {
    private static final byte[] NO_AAD = {};

    private final HpkeContext context;
    private final byte[] encapsulatedKey;
    private final byte[] request;
    private final SecureRandom random;

    GatewayExchange(HpkeContext context, byte[] encapsulatedKey, byte[] request, SecureRandom random) {
        this.context = context;
        this.encapsulatedKey = encapsulatedKey;
        this.request = request;
        this.random = random;
    }

    /**
     * The request.
     *
     * @return a binary HTTP request; read-only
     */
    public ByteBuffer request() {
        return ByteBuffer.wrap(request).asReadOnlyBuffer();
    }

    /**
     * What tells this request from any other, and a replay by its being the same (RFC 9458, 6.5.1).
     *
     * @return the encapsulated key; read-only
     */
    public ByteBuffer encapsulatedKey() {
        return ByteBuffer.wrap(encapsulatedKey).asReadOnlyBuffer();
    }

    /**
     * Encapsulates the response.
     *
     * @param response a binary HTTP response; used up
     * @return the content of a {@code message/ohttp-res}; a heap buffer that is the caller's
     */
    public ByteBuffer seal(ByteBuffer response) {
        byte[] plain = Encapsulation.bytes(response);
        byte[] nonce = new byte[Encapsulation.nonceLength(context.aead())];
        random.nextBytes(nonce);
        byte[] out = Arrays.copyOf(nonce, nonce.length + plain.length + Aead.TAG_LENGTH);
        Encapsulation.WHOLE
                .response(context, encapsulatedKey, nonce)
                .seal(NO_AAD, plain, 0, plain.length, out, nonce.length);
        return ByteBuffer.wrap(out);
    }
}
