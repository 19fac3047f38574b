package dev.masque.privacypass;

/**
 * What a client asks of an issuer: to sign something that it cannot see. RFC 9578, 5.1 and 6.1; public metadata
 * issuance draft, 6.1.
 *
 * @param type the type of token
 * @param truncatedKeyId the last byte of the id of the key to sign with, 0 to 255
 * @param blinded what to sign; as long as the type says
 * @param extensions what the token shall say beside that; none unless the type is an extended one
 */
public record TokenRequest(TokenType type, int truncatedKeyId, Bytes blinded, Extensions extensions) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is wrong, the type unknown, or extensions are there that cannot be
     */
    public TokenRequest {
        Wire.requireByte(truncatedKeyId);
        Wire.requireSize(blinded, type.requireLayout().blinded(), "blinded message");
        if (!type.extended() && !extensions.list().isEmpty()) {
            throw new IllegalArgumentException("no extensions in a request of type " + type);
        }
    }

    /**
     * Reads a request.
     *
     * @param encoded the whole of it, to the byte
     * @return the request
     * @throws MalformedException if that is not what the bytes are, or the type is unknown
     */
    public static TokenRequest decode(Bytes encoded) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        TokenRequest request = read(in);
        in.end();
        return request;
    }

    static TokenRequest read(Wire.Reader in) throws MalformedException {
        TokenType type = in.type();
        TokenType.Layout layout = type.readLayout();
        return new TokenRequest(
                type, in.uint8(), in.opaque(layout.blinded()), type.extended() ? Extensions.read(in) : Extensions.NONE);
    }

    /**
     * The bytes that travel.
     *
     * @return the request, encoded
     */
    public Bytes encode() {
        Wire.Writer out = new Wire.Writer().type(type).uint8(truncatedKeyId).opaque(blinded);
        return (type.extended() ? out.opaque(extensions.encode()) : out).done();
    }
}
