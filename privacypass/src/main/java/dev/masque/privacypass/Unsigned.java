package dev.masque.privacypass;

/** A token but for its authenticator. Secret until the token is used, as the nonce tells it. */
record Unsigned(
        TokenType type, int truncatedKeyId, Bytes keyId, Bytes challengeDigest, Bytes nonce, Extensions extensions) {
    static Unsigned of(TokenKey key, Bytes challengeDigest, Bytes nonce, Extensions extensions) {
        return new Unsigned(key.type(), key.truncatedId(), key.id(), challengeDigest, nonce, extensions);
    }

    Bytes input() {
        return Token.authenticatorInput(type, nonce, challengeDigest, keyId);
    }

    Token sign(Bytes authenticator) {
        return new Token(type, nonce, challengeDigest, keyId, authenticator, extensions);
    }

    @Override
    public String toString() {
        return "Unsigned[type=" + type + "]";
    }
}
