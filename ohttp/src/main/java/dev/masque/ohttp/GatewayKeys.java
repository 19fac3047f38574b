package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.HpkeContext;
import dev.masque.ohttp.hpke.HpkeException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a gateway takes requests for. Immutable and thread-safe.
 *
 * <pre>{@code
 * GatewayExchange exchange = keys.open(content);                          // message/ohttp-req
 * ByteBuffer answer = exchange.seal(handle(exchange.request()));          // message/ohttp-res
 * }</pre>
 */
public final class GatewayKeys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] NO_AAD = {};

    private final Map<Integer, GatewayKey> keys;
    private final SecureRandom random;

    private GatewayKeys(Collection<GatewayKey> keys, SecureRandom random) {
        this.random = random;
        this.keys = new LinkedHashMap<>();
        for (GatewayKey key : keys) {
            if (this.keys.put(key.config().keyId(), key) != null) {
                throw new IllegalArgumentException(
                        "two keys have the identifier " + key.config().keyId());
            }
        }
    }

    /**
     * Some keys.
     *
     * @param keys with different identifiers
     * @return the keys
     */
    public static GatewayKeys of(Collection<GatewayKey> keys) {
        return new GatewayKeys(keys, RANDOM);
    }

    static GatewayKeys of(Collection<GatewayKey> keys, SecureRandom random) {
        return new GatewayKeys(keys, random);
    }

    /**
     * Uncovers a whole request.
     *
     * @param request the content of a {@code message/ohttp-req}; used up
     * @return the exchange that it begins
     * @throws OhttpException if it is not acceptable: malformed, for an unknown key, or not to be opened
     */
    public GatewayExchange open(ByteBuffer request) throws OhttpException {
        if (request.remaining() < Encapsulation.HEADER) {
            throw cutShort();
        }
        RequestHeader header = RequestHeader.read(request, this);
        if (request.remaining() < header.encapsulatedKeyLength() + Aead.TAG_LENGTH) {
            throw cutShort();
        }
        byte[] encapsulatedKey = new byte[header.encapsulatedKeyLength()];
        request.get(encapsulatedKey);
        HpkeContext context = header.key().receive(Encapsulation.WHOLE, header.aead(), encapsulatedKey);
        byte[] sealed;
        int from = 0;
        int length = request.remaining();
        if (request.hasArray()) {
            sealed = request.array();
            from = request.arrayOffset() + request.position();
            request.position(request.limit());
        } else {
            sealed = Encapsulation.bytes(request);
        }
        try {
            byte[] plain = context.messages().open(NO_AAD, sealed, from, length);
            return new GatewayExchange(context, encapsulatedKey, plain, random);
        } catch (HpkeException e) {
            throw new OhttpException(OhttpException.Kind.UNDECRYPTABLE, "an encapsulated request does not open");
        }
    }

    /**
     * Begins to uncover a request in chunks.
     *
     * @param maxChunk the largest chunk to take, in bytes of plaintext, at least 16384
     * @param sink takes the request as it arrives
     * @return the exchange
     */
    public ChunkedGatewayExchange openChunked(int maxChunk, ChunkSink sink) {
        return new ChunkedGatewayExchange(this, random, maxChunk, sink);
    }

    @Nullable GatewayKey find(int keyId) {
        return keys.get(keyId);
    }

    private static OhttpException cutShort() {
        return new OhttpException(OhttpException.Kind.MALFORMED, "an encapsulated request is cut short");
    }

    @Override
    public String toString() {
        return "gateway keys " + keys.keySet();
    }
}
