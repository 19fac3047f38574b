package dev.masque.privacypass;

/**
 * What an issuer gives back for one request. RFC 9578, 5.2 and 6.2.
 *
 * @param type the type of token; not part of the encoding
 * @param evaluated the blind signature, or the evaluated element; as long as the type says
 * @param proof that the issuer used its own key; empty for the RSA types, where the signature proves it
 */
public record TokenResponse(TokenType type, Bytes evaluated, Bytes proof) {
    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if one is wrong or the type unknown
     */
    public TokenResponse {
        TokenType.Layout layout = type.requireLayout();
        Wire.requireSize(evaluated, layout.blinded(), "evaluated message");
        Wire.requireSize(proof, layout.proof(), "proof");
    }

    /**
     * Reads a response.
     *
     * @param type the type that was asked for
     * @param encoded the whole of it, to the byte
     * @return the response
     * @throws MalformedException if that is not what the bytes are, or the type is unknown
     */
    public static TokenResponse decode(TokenType type, Bytes encoded) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        TokenResponse response = read(type, in);
        in.end();
        return response;
    }

    static TokenResponse read(TokenType type, Wire.Reader in) throws MalformedException {
        TokenType.Layout layout = type.readLayout();
        return new TokenResponse(type, in.opaque(layout.blinded()), in.opaque(layout.proof()));
    }

    /**
     * The bytes that travel.
     *
     * @return the response, encoded
     */
    public Bytes encode() {
        return new Wire.Writer().opaque(evaluated).opaque(proof).done();
    }
}
