package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.AeadSequence;
import dev.masque.ohttp.hpke.HpkeContext;
import dev.masque.ohttp.hpke.HpkeException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * One request and its response on the client's side, each whole (RFC 9458, 4.3 and 4.4). Every exchange has a fresh HPKE context,
 * so requests cannot be linked by it; to ask again is to start again. For one thread at a time.
 *
 * <pre>{@code
 * ClientExchange exchange = ClientExchange.start(config);
 * ByteBuffer content = exchange.seal(binaryHttpRequest);          // message/ohttp-req
 * ByteBuffer binaryHttpResponse = exchange.open(answer);          // message/ohttp-res
 * }</pre>
 */
public final class ClientExchange {
    private static final byte[] NO_AAD = {};

    private final byte[] header;
    private final HpkeContext.Sender sender;
    private boolean sealed;

    private ClientExchange(byte[] header, HpkeContext.Sender sender) {
        this.header = header;
        this.sender = sender;
    }

    /**
     * A new exchange.
     *
     * @param config the gateway's
     * @return an exchange for one request
     * @throws OhttpException if the configuration offers nothing that is implemented, or has a key that is not acceptable
     */
    public static ClientExchange start(KeyConfig config) throws OhttpException {
        return start(config, ClientSetup.RANDOM);
    }

    static ClientExchange start(KeyConfig config, SecureRandom random) throws OhttpException {
        ClientSetup setup = ClientSetup.of(config, Encapsulation.WHOLE, random);
        return new ClientExchange(setup.header(), setup.sender());
    }

    /**
     * Encapsulates the request. Once.
     *
     * @param request a binary HTTP request; used up
     * @return the content of a {@code message/ohttp-req}; a heap buffer that is the caller's
     */
    public ByteBuffer seal(ByteBuffer request) {
        if (sealed) {
            throw new IllegalStateException("an exchange has one request");
        }
        sealed = true;
        byte[] plain = Encapsulation.bytes(request);
        byte[] out = Arrays.copyOf(header, header.length + plain.length + Aead.TAG_LENGTH);
        sender.context().messages().seal(NO_AAD, plain, 0, plain.length, out, header.length);
        return ByteBuffer.wrap(out);
    }

    /**
     * Uncovers the response.
     *
     * @param response the content of a {@code message/ohttp-res}; used up
     * @return a binary HTTP response; a heap buffer that is the caller's
     * @throws OhttpException if it is not the gateway's response to this request
     */
    public ByteBuffer open(ByteBuffer response) throws OhttpException {
        byte[] bytes = Encapsulation.bytes(response);
        int nonceLength = Encapsulation.nonceLength(sender.context().aead());
        if (bytes.length < nonceLength + Aead.TAG_LENGTH) {
            throw new OhttpException(OhttpException.Kind.MALFORMED, "an encapsulated response is cut short");
        }
        AeadSequence cipher = Encapsulation.WHOLE.response(
                sender.context(), sender.encapsulated(), Arrays.copyOf(bytes, nonceLength));
        try {
            return ByteBuffer.wrap(cipher.open(NO_AAD, bytes, nonceLength, bytes.length - nonceLength));
        } catch (HpkeException e) {
            throw new OhttpException(OhttpException.Kind.UNDECRYPTABLE, "an encapsulated response does not open");
        }
    }
}
