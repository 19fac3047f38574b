package dev.masque.ohttp;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.Hkdf;
import dev.masque.ohttp.hpke.HpkeException;
import dev.masque.ohttp.hpke.Kem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key configuration: a gateway's public key and the algorithms to use it with (RFC 9458, 3). Immutable.
 *
 * <pre>{@code
 * List<KeyConfig> configs = KeyConfig.parseList(content);          // application/ohttp-keys
 * ClientExchange exchange = ClientExchange.start(configs.get(0));
 * }</pre>
 */
public final class KeyConfig {
    private static final int HEADER = 5;
    private static final int PAIR = 4;

    private final int keyId;
    private final Kem kem;
    private final byte[] publicKey;
    private final List<SymmetricAlgorithms> algorithms;

    KeyConfig(int keyId, Kem kem, byte[] publicKey, List<SymmetricAlgorithms> algorithms) {
        if (keyId < 0 || keyId > 0xff) {
            throw new IllegalArgumentException("a key identifier has one byte");
        }
        this.keyId = keyId;
        this.kem = kem;
        this.publicKey = publicKey;
        this.algorithms = List.copyOf(algorithms);
    }

    /**
     * Reads the content of {@code application/ohttp-keys} (RFC 9458, 3.2). A list with an error anywhere is refused whole, so
     * that nobody can tell clients apart by what they make of it. Configurations for a key encapsulation mechanism that is not
     * implemented are no error; they are left out.
     *
     * @param content all of it is used up
     * @return the configurations that can be read, in order; perhaps none
     * @throws OhttpException if it is malformed
     */
    public static List<KeyConfig> parseList(ByteBuffer content) throws OhttpException {
        List<KeyConfig> configs = new ArrayList<>();
        if (!content.hasRemaining()) {
            throw malformed("a list of no key configurations");
        }
        while (content.hasRemaining()) {
            int length = content.remaining() < 2 ? Integer.MAX_VALUE : content.getShort() & 0xffff;
            if (length > content.remaining()) {
                throw malformed("a key configuration is cut short");
            }
            KeyConfig config = read(content.slice(content.position(), length));
            content.position(content.position() + length);
            if (config != null) {
                configs.add(config);
            }
        }
        return List.copyOf(configs);
    }

    /**
     * Reads one key configuration, as in RFC 9458, 3.1: without a length before it.
     *
     * @param encoded all of it is used up
     * @return the configuration
     * @throws OhttpException if it is malformed, or for a key encapsulation mechanism that is not implemented
     */
    public static KeyConfig parse(ByteBuffer encoded) throws OhttpException {
        KeyConfig config = read(encoded);
        encoded.position(encoded.limit());
        if (config == null) {
            throw new OhttpException(OhttpException.Kind.UNKNOWN_KEY, "a key of a kind that is not known here");
        }
        return config;
    }

    /**
     * Writes the content of {@code application/ohttp-keys}.
     *
     * @param configs the best first; at least one
     * @return the content
     */
    public static ByteBuffer encodeList(List<KeyConfig> configs) {
        if (configs.isEmpty()) {
            throw new IllegalArgumentException("a list has at least one key configuration");
        }
        int length = 0;
        for (KeyConfig config : configs) {
            length += 2 + config.encodedLength();
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        for (KeyConfig config : configs) {
            out.putShort((short) config.encodedLength());
            config.write(out);
        }
        return out.flip();
    }

    /** The configuration, or null if its mechanism is not implemented: how long its key is, only that would say. */
    private static @Nullable KeyConfig read(ByteBuffer in) throws OhttpException {
        if (in.remaining() < HEADER - 2) {
            throw malformed("a key configuration is cut short");
        }
        int keyId = in.get() & 0xff;
        Optional<Kem> kem = Kem.of(in.getShort() & 0xffff);
        if (kem.isEmpty()) {
            return null;
        }
        if (in.remaining() < kem.get().publicKeyLength() + 2) {
            throw malformed("a key configuration is cut short");
        }
        byte[] key = new byte[kem.get().publicKeyLength()];
        in.get(key);
        int length = in.getShort() & 0xffff;
        if (length == 0 || length % PAIR != 0 || length != in.remaining()) {
            throw malformed("the list of algorithms has the wrong length");
        }
        List<SymmetricAlgorithms> algorithms = new ArrayList<>(length / PAIR);
        while (in.hasRemaining()) {
            algorithms.add(new SymmetricAlgorithms(in.getShort() & 0xffff, in.getShort() & 0xffff));
        }
        try {
            kem.get().checkPublicKey(key);
        } catch (HpkeException e) {
            throw malformed("a public key is not valid");
        }
        return new KeyConfig(keyId, kem.get(), key, algorithms);
    }

    private static OhttpException malformed(String message) {
        return new OhttpException(OhttpException.Kind.MALFORMED, message);
    }

    /**
     * How the gateway knows the key.
     *
     * @return 0 to 255
     */
    public int keyId() {
        return keyId;
    }

    /**
     * The key encapsulation mechanism.
     *
     * @return as in the registry of HPKE KEM identifiers
     */
    public int kemId() {
        return kem.id();
    }

    /**
     * The public key.
     *
     * @return serialized; read-only
     */
    public ByteBuffer publicKey() {
        return ByteBuffer.wrap(publicKey).asReadOnlyBuffer();
    }

    /**
     * The algorithms that the gateway takes, also those not implemented here.
     *
     * @return in the gateway's order
     */
    public List<SymmetricAlgorithms> algorithms() {
        return algorithms;
    }

    /**
     * Whether a request can be made with this configuration: whether one of its algorithms is implemented.
     *
     * @return true if it can
     */
    public boolean isUsable() {
        return aead().isPresent();
    }

    /** The first cipher the gateway offers that is implemented. */
    Optional<Aead> aead() {
        return algorithms.stream()
                .filter(pair -> pair.kdfId() == Hkdf.ID)
                .flatMap(pair -> Aead.of(pair.aeadId()).stream())
                .findFirst();
    }

    Kem kem() {
        return kem;
    }

    byte[] key() {
        return publicKey;
    }

    private int encodedLength() {
        return HEADER + publicKey.length + PAIR * algorithms.size();
    }

    /**
     * This configuration in the form of RFC 9458, 3.1: without a length before it.
     *
     * @return the encoded form
     */
    public ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(encodedLength());
        write(out);
        return out.flip();
    }

    private void write(ByteBuffer out) {
        out.put((byte) keyId).putShort((short) kem.id()).put(publicKey).putShort((short) (PAIR * algorithms.size()));
        for (SymmetricAlgorithms pair : algorithms) {
            out.putShort((short) pair.kdfId()).putShort((short) pair.aeadId());
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyConfig config && encode().equals(config.encode());
    }

    @Override
    public int hashCode() {
        return encode().hashCode();
    }

    @Override
    public String toString() {
        return "key " + keyId + " for " + kem;
    }
}
