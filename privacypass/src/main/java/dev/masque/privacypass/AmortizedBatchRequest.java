package dev.masque.privacypass;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks of an issuer for many tokens of one key, at less cost for each. Batched tokens draft, 4.1.
 *
 * @param type one that {@linkplain TokenType#amortizes amortizes}
 * @param truncatedKeyId the last byte of the id of the key to sign with, 0 to 255
 * @param blinded what to sign, at least one; each as long as the type says
 */
public record AmortizedBatchRequest(TokenType type, int truncatedKeyId, List<Bytes> blinded) {
    /**
     * Copies the list and checks the ranges.
     *
     * @throws IllegalArgumentException if a length is wrong, none is there, or the type cannot be used
     */
    public AmortizedBatchRequest {
        Wire.requireByte(truncatedKeyId);
        blinded = requireBatch(type, blinded);
    }

    /**
     * Reads a request.
     *
     * @param encoded the whole of it, to the byte
     * @param limit how many tokens may be asked for
     * @return the request
     * @throws MalformedException if that is not what the bytes are, the type cannot be used, or it asks for too many
     */
    public static AmortizedBatchRequest decode(Bytes encoded, int limit) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        TokenType type = in.type();
        int keyId = in.uint8();
        List<Bytes> blinded = read(type, in.vector(), limit);
        in.end();
        return new AmortizedBatchRequest(type, keyId, blinded);
    }

    /**
     * The bytes that travel.
     *
     * @return the request, encoded
     */
    public Bytes encode() {
        return new Wire.Writer()
                .type(type)
                .uint8(truncatedKeyId)
                .vector(join(blinded))
                .done();
    }

    static List<Bytes> requireBatch(TokenType type, List<Bytes> elements) {
        if (!type.amortizes() || elements.isEmpty()) {
            throw new IllegalArgumentException("no batch of type " + type + " with " + elements.size());
        }
        elements.forEach(one -> Wire.requireSize(one, type.requireLayout().blinded(), "element"));
        return List.copyOf(elements);
    }

    static List<Bytes> read(TokenType type, Wire.Reader in, int limit) throws MalformedException {
        int size = type.readLayout().blinded();
        if (!type.amortizes() || in.remaining() == 0 || in.remaining() % size != 0 || in.remaining() / size > limit) {
            throw new MalformedException("a batch of the wrong type or size");
        }
        List<Bytes> elements = new ArrayList<>(in.remaining() / size);
        while (in.hasMore()) {
            elements.add(in.opaque(size));
        }
        return elements;
    }

    static Bytes join(List<Bytes> elements) {
        Wire.Writer out = new Wire.Writer();
        elements.forEach(out::opaque);
        return out.done();
    }
}
