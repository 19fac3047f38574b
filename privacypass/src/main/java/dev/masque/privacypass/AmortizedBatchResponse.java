package dev.masque.privacypass;

import java.util.List;

/**
 * What an issuer gives back for a batch: as many elements as were sent, and one proof for all. Batched tokens draft,
 * 4.2.
 *
 * @param type the type of token; not part of the encoding
 * @param evaluated the evaluated elements, in the order of the request
 * @param proof that the issuer used its own key for all of them
 */
public record AmortizedBatchResponse(TokenType type, List<Bytes> evaluated, Bytes proof) {
    /**
     * Copies the list and checks the lengths.
     *
     * @throws IllegalArgumentException if one is wrong, none is there, or the type cannot be used
     */
    public AmortizedBatchResponse {
        evaluated = AmortizedBatchRequest.requireBatch(type, evaluated);
        Wire.requireSize(proof, type.requireLayout().proof(), "proof");
    }

    /**
     * Reads a response.
     *
     * @param type the type that was asked for
     * @param encoded the whole of it, to the byte
     * @param count how many tokens were asked for
     * @return the response
     * @throws MalformedException if that is not what the bytes are, or it holds another number
     */
    public static AmortizedBatchResponse decode(TokenType type, Bytes encoded, int count) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        List<Bytes> evaluated = AmortizedBatchRequest.read(type, in.vector(), count);
        if (evaluated.size() != count) {
            throw new MalformedException("another number of tokens than asked for");
        }
        Bytes proof = in.opaque(type.readLayout().proof());
        in.end();
        return new AmortizedBatchResponse(type, evaluated, proof);
    }

    /**
     * The bytes that travel.
     *
     * @return the response, encoded
     */
    public Bytes encode() {
        return new Wire.Writer()
                .vector(AmortizedBatchRequest.join(evaluated))
                .opaque(proof)
                .done();
    }
}
