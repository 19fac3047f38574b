package dev.masque.privacypass;

import java.util.List;
import java.util.Locale;

/**
 * What an origin asks for: a token of one type from one issuer, perhaps for some origins only, perhaps in one context
 * only. RFC 9577, 2.1.
 *
 * @param type the type of token
 * @param issuerName the issuer, as the authority part of a URI; ASCII, 1 to 65535 characters
 * @param redemptionContext empty, or 32 bytes that the token is bound to
 * @param originInfo the origins that take the token; empty means any
 */
public record TokenChallenge(TokenType type, String issuerName, Bytes redemptionContext, List<String> originInfo) {
    private static final Bytes NO_CONTEXT = Bytes.copyOf(new byte[0]);

    /**
     * Copies the list and checks the ranges.
     *
     * @throws IllegalArgumentException if a name is empty, not ASCII, or too long, or the context is not 0 or 32 bytes
     */
    public TokenChallenge {
        originInfo = List.copyOf(originInfo);
        if (redemptionContext.size() != 0 && redemptionContext.size() != 32) {
            throw new IllegalArgumentException("a context of " + redemptionContext.size() + " bytes");
        }
        requireName(issuerName);
        int length = -1;
        for (String origin : originInfo) {
            requireName(origin);
            if (origin.indexOf(',') >= 0) {
                throw new IllegalArgumentException("a comma in an origin name");
            }
            length += 1 + origin.length();
        }
        if (length > 0xffff) {
            throw new IllegalArgumentException("too many origin names");
        }
    }

    /**
     * A challenge that any token of an issuer for an origin answers, however old.
     *
     * @param type the type of token
     * @param issuerName the issuer
     * @param origins the origins that take the token; none means any
     * @return the challenge, without a context
     * @throws IllegalArgumentException if a name is empty, not ASCII, or too long
     */
    public static TokenChallenge of(TokenType type, String issuerName, String... origins) {
        return new TokenChallenge(type, issuerName, NO_CONTEXT, List.of(origins));
    }

    /**
     * Reads a challenge. The type may be unknown, if the bytes have the usual structure.
     *
     * @param encoded the whole of it
     * @return the challenge
     * @throws MalformedException if that is not what the bytes are
     */
    public static TokenChallenge decode(Bytes encoded) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        TokenType type = in.type();
        String issuer = in.ascii(in.uint16());
        Bytes context = in.opaque(in.uint8());
        String origins = in.ascii(in.uint16());
        in.end();
        try {
            return new TokenChallenge(
                    type, issuer, context, origins.isEmpty() ? List.of() : List.of(origins.split(",", -1)));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(e.getMessage() == null ? "not a challenge" : e.getMessage());
        }
    }

    /**
     * The bytes that travel.
     *
     * @return the challenge, encoded
     */
    public Bytes encode() {
        String origins = String.join(",", originInfo);
        return new Wire.Writer()
                .type(type)
                .uint16(issuerName.length())
                .ascii(issuerName)
                .uint8(redemptionContext.size())
                .opaque(redemptionContext)
                .uint16(origins.length())
                .ascii(origins)
                .done();
    }

    /**
     * What a token says of the challenge that it answers.
     *
     * @return the SHA-256 of the encoded challenge
     */
    public Bytes digest() {
        return Wire.sha256(encode());
    }

    /**
     * Whether an origin may ask this. A client answers no other. RFC 9577, 2.1.
     *
     * @param origin the name of the origin that asks; compared without regard to case
     * @return whether it is one of those named, or none is
     */
    public boolean isFor(String origin) {
        String name = origin.toLowerCase(Locale.ROOT);
        return originInfo.isEmpty()
                || originInfo.stream()
                        .anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(name));
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.length() > 0xffff || !name.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("a name that is empty, too long, or not ASCII");
        }
    }
}
