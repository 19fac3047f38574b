package dev.masque.ohttp;

import dev.masque.ohttp.hpke.AeadSequence;
import dev.masque.ohttp.hpke.HpkeContext;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * One request and its response on the client's side, both in chunks (draft-ietf-ohai-chunked-ohttp). Every exchange has a fresh
 * HPKE context. Request and response are each for one thread at a time; they may be two.
 *
 * <pre>{@code
 * ChunkedClientExchange exchange = ChunkedClientExchange.start(config);
 * send(exchange.request().chunk(head));                           // message/ohttp-chunked-req
 * send(exchange.request().last(content));
 * ChunkOpener response = exchange.response(ChunkOpener.CHUNK, binaryHttp::decode);
 * response.decode(received);                                      // message/ohttp-chunked-res
 * response.end();
 * }</pre>
 */
public final class ChunkedClientExchange {
    private final HpkeContext.Sender sender;
    private final ChunkSealer request;

    private ChunkedClientExchange(ClientSetup setup) {
        this.sender = setup.sender();
        this.request = new ChunkSealer(setup.header(), sender.context().messages());
    }

    /**
     * A new exchange.
     *
     * @param config the gateway's
     * @return an exchange for one request
     * @throws OhttpException if the configuration offers nothing that is implemented, or has a key that is not acceptable
     */
    public static ChunkedClientExchange start(KeyConfig config) throws OhttpException {
        return start(config, ClientSetup.RANDOM);
    }

    static ChunkedClientExchange start(KeyConfig config, SecureRandom random) throws OhttpException {
        return new ChunkedClientExchange(ClientSetup.of(config, Encapsulation.CHUNKED, random));
    }

    /**
     * The request.
     *
     * @return always the same
     */
    public ChunkSealer request() {
        return request;
    }

    /**
     * The response.
     *
     * @param maxChunk the largest chunk to take, in bytes of plaintext, at least 16384
     * @param sink takes the response as it arrives
     * @return takes the content of a {@code message/ohttp-chunked-res}
     */
    public ChunkOpener response(int maxChunk, ChunkSink sink) {
        int nonceLength = Encapsulation.nonceLength(sender.context().aead());
        ChunkOpener.Preamble preamble = new ChunkOpener.Preamble() {
            @Override
            public int length() {
                return nonceLength;
            }

            @Override
            public AeadSequence cipher(ByteBuffer nonce) {
                return Encapsulation.CHUNKED.response(
                        sender.context(), sender.encapsulated(), Encapsulation.bytes(nonce));
            }
        };
        return new ChunkOpener(preamble, maxChunk, sink);
    }
}
