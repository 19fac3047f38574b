package dev.masque.ohttp;

import dev.masque.ohttp.hpke.AeadSequence;
import dev.masque.ohttp.hpke.HpkeContext;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on the gateway's side, both in chunks (draft-ietf-ohai-chunked-ohttp). Request and response are each
 * for one thread at a time; the response may be begun by another once {@link #encapsulatedKey()} is present.
 *
 * <pre>{@code
 * ChunkedGatewayExchange exchange = keys.openChunked(ChunkOpener.CHUNK, binaryHttp::decode);
 * exchange.request().decode(received);                            // message/ohttp-chunked-req
 * exchange.request().end();
 * ChunkSealer response = exchange.response();                     // message/ohttp-chunked-res
 * }</pre>
 */
public final class ChunkedGatewayExchange {
    private final SecureRandom random;
    private final ChunkOpener request;
    private volatile @Nullable Opened opened;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Opened(HpkeContext context, byte[] encapsulatedKey) {}

    ChunkedGatewayExchange(GatewayKeys keys, SecureRandom random, int maxChunk, ChunkSink sink) {
        this.random = random;
        this.request = new ChunkOpener(new RequestPreamble(keys), maxChunk, sink);
    }

    /**
     * The request.
     *
     * @return takes the content of a {@code message/ohttp-chunked-req}
     */
    public ChunkOpener request() {
        return request;
    }

    /**
     * What tells this request from any other, and a replay by its being the same (RFC 9458, 6.5.1).
     *
     * @return the encapsulated key, once it has arrived; read-only
     */
    public Optional<ByteBuffer> encapsulatedKey() {
        Opened now = opened;
        return now == null
                ? Optional.empty()
                : Optional.of(ByteBuffer.wrap(now.encapsulatedKey()).asReadOnlyBuffer());
    }

    /**
     * Begins the response, with a nonce of its own.
     *
     * @return seals the content of a {@code message/ohttp-chunked-res}
     * @throws IllegalStateException if the start of the request has not arrived
     */
    public ChunkSealer response() {
        Opened now = opened;
        if (now == null) {
            throw new IllegalStateException("the request has not begun");
        }
        byte[] nonce = new byte[Encapsulation.nonceLength(now.context().aead())];
        random.nextBytes(nonce);
        return new ChunkSealer(
                nonce, Encapsulation.CHUNKED.response(now.context(), now.encapsulatedKey(), nonce.clone()));
    }

    /** Key identifier and algorithms; they say how long the encapsulated key after them is. */
    private final class RequestPreamble implements ChunkOpener.Preamble {
        private final GatewayKeys keys;
        private @Nullable RequestHeader header;

        RequestPreamble(GatewayKeys keys) {
            this.keys = keys;
        }

        @Override
        public int length() {
            return header == null ? Encapsulation.HEADER : Encapsulation.HEADER + header.encapsulatedKeyLength();
        }

        @Override
        public @Nullable AeadSequence cipher(ByteBuffer bytes) throws OhttpException {
            RequestHeader known = header;
            if (known == null) {
                header = RequestHeader.read(bytes, keys);
                return null;
            }
            byte[] encapsulatedKey = Encapsulation.bytes(bytes.position(Encapsulation.HEADER));
            HpkeContext context = known.key().receive(Encapsulation.CHUNKED, known.aead(), encapsulatedKey);
            opened = new Opened(context, encapsulatedKey);
            return context.messages();
        }
    }
}
