package dev.masque.privacypass;

import org.jspecify.annotations.Nullable;

/**
 * The issuance protocol of a token, as its code point. Unknown ones are values like the others: they can be read,
 * compared and passed over.
 *
 * @param value 0 to 65535
 */
public record TokenType(int value) {
    /** VOPRF(P-384, SHA-384), verified with the issuer's private key. RFC 9578, 8.2.1. */
    public static final TokenType VOPRF_P384 = new TokenType(0x0001);

    /** Blind RSA (2048 bit), verified with the public key. RFC 9578, 8.2.2. */
    public static final TokenType BLIND_RSA = new TokenType(0x0002);

    /** VOPRF(ristretto255, SHA-512), verified with the private key. Batched tokens draft, 8.1. */
    public static final TokenType VOPRF_RISTRETTO255 = new TokenType(0x0005);

    /** Partially blind RSA (2048 bit) with extensions that all can read. Public metadata issuance draft, 7.2. */
    public static final TokenType PARTIALLY_BLIND_RSA = new TokenType(0xda7a);

    private static final Layout P384 = new Layout(49, 96, 48);
    private static final Layout RISTRETTO255 = new Layout(32, 64, 64);
    private static final Layout RSA_2048 = new Layout(256, 0, 256);

    /** How long the parts are that differ between types. */
    record Layout(int blinded, int proof, int authenticator) {}

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the value is not a code point
     */
    public TokenType {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException("not a token type: " + value);
        }
    }

    /**
     * Whether this code can issue and verify such tokens.
     *
     * @return whether it is one of the constants
     */
    public boolean known() {
        return layout() != null;
    }

    /**
     * Whether the public key is enough to verify a token.
     *
     * @return false where only the issuer's private key does; false for unknown types
     */
    public boolean publiclyVerifiable() {
        return equals(BLIND_RSA) || equals(PARTIALLY_BLIND_RSA);
    }

    /**
     * Whether one proof can cover many tokens of one key.
     *
     * @return true for the VOPRF types
     */
    public boolean amortizes() {
        return equals(VOPRF_P384) || equals(VOPRF_RISTRETTO255);
    }

    /**
     * Whether a token comes with extensions.
     *
     * @return true for partially blind RSA
     */
    public boolean extended() {
        return equals(PARTIALLY_BLIND_RSA);
    }

    /** The lengths, for types that are known. */
    @Nullable Layout layout() {
        return switch (value) {
            case 0x0001 -> P384;
            case 0x0002, 0xda7a -> RSA_2048;
            case 0x0005 -> RISTRETTO255;
            default -> null;
        };
    }

    /** The lengths, from the wire: an unknown type has none. */
    Layout readLayout() throws MalformedException {
        Layout layout = layout();
        if (layout == null) {
            throw new MalformedException("unknown token type");
        }
        return layout;
    }

    /** The lengths, from a caller: an unknown type is a mistake. */
    Layout requireLayout() {
        Layout layout = layout();
        if (layout == null) {
            throw new IllegalArgumentException("unknown token type " + this);
        }
        return layout;
    }

    /** The code point, say {@code 0x0002}. */
    @Override
    public String toString() {
        return String.format("0x%04x", value);
    }
}
