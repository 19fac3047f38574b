package dev.masque.privacypass;

/**
 * An issuer's public key for one type of token. RFC 9578, 5.5 and 6.5.
 *
 * @param type the type of token
 * @param encoded the key as the directory and challenges carry it: an element, or an SPKI for the RSA types
 */
public record TokenKey(TokenType type, Bytes encoded) {
    /**
     * The id of the key, as tokens carry it.
     *
     * @return the SHA-256 of the encoded key
     */
    public Bytes id() {
        return Wire.sha256(encoded);
    }

    /**
     * The part of the id that requests carry.
     *
     * @return its last byte, 0 to 255
     */
    public int truncatedId() {
        return id().asBuffer().get(31) & 0xff;
    }
}
