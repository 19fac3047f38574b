package dev.masque.privacypass;

/**
 * A token: what a client shows instead of saying who it is. Whoever holds the bytes can use them once, so they are not
 * for logs; {@link #toString} shows none. RFC 9577, 2.2.
 *
 * @param type the type
 * @param nonce 32 bytes that the client drew
 * @param challengeDigest the SHA-256 of the challenge that it answers
 * @param keyId the id of the issuer's key, 32 bytes
 * @param authenticator the issuer's word for all of the above; as long as the type says
 * @param extensions what the token says beside that; none unless the type is an extended one. They travel beside the
 *     token and are not part of its encoding
 */
public record Token(
        TokenType type, Bytes nonce, Bytes challengeDigest, Bytes keyId, Bytes authenticator, Extensions extensions) {
    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if one is wrong, the type unknown, or extensions are there that cannot be
     */
    public Token {
        Wire.requireSize(nonce, 32, "nonce");
        Wire.requireSize(challengeDigest, 32, "challenge digest");
        Wire.requireSize(keyId, 32, "key id");
        Wire.requireSize(authenticator, type.requireLayout().authenticator(), "authenticator");
        if (!type.extended() && !extensions.list().isEmpty()) {
            throw new IllegalArgumentException("no extensions in a token of type " + type);
        }
    }

    /**
     * Reads a token that has no extensions.
     *
     * @param encoded the whole of it, to the byte
     * @return the token
     * @throws MalformedException if that is not what the bytes are, or the type is unknown
     */
    public static Token decode(Bytes encoded) throws MalformedException {
        return decode(encoded, Extensions.NONE);
    }

    /**
     * Reads a token.
     *
     * @param encoded the whole of it, to the byte
     * @param extensions what came beside it; left out where the type has no extensions
     * @return the token
     * @throws MalformedException if that is not what the bytes are, or the type is unknown
     */
    public static Token decode(Bytes encoded, Extensions extensions) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        TokenType type = in.type();
        TokenType.Layout layout = type.readLayout();
        Token token = new Token(
                type,
                in.opaque(32),
                in.opaque(32),
                in.opaque(32),
                in.opaque(layout.authenticator()),
                type.extended() ? extensions : Extensions.NONE);
        in.end();
        return token;
    }

    /**
     * The bytes that travel.
     *
     * @return the token, encoded
     */
    public Bytes encode() {
        return new Wire.Writer()
                .opaque(authenticatorInput())
                .opaque(authenticator)
                .done();
    }

    /**
     * What the authenticator is computed over. RFC 9577, 2.2.3.
     *
     * @return type, nonce, challenge digest and key id: 98 bytes
     */
    public Bytes authenticatorInput() {
        return authenticatorInput(type, nonce, challengeDigest, keyId);
    }

    static Bytes authenticatorInput(TokenType type, Bytes nonce, Bytes challengeDigest, Bytes keyId) {
        return new Wire.Writer()
                .type(type)
                .opaque(nonce)
                .opaque(challengeDigest)
                .opaque(keyId)
                .done();
    }

    /** The type, and nothing that could be used. */
    @Override
    public String toString() {
        return "Token[type=" + type + "]";
    }
}
