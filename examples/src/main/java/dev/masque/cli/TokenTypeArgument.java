package dev.masque.cli;

import dev.masque.privacypass.TokenType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Types of Privacy Pass tokens on the command line: their code points in hex. */
final class TokenTypeArgument implements ITypeConverter<TokenType> {
    static final String KNOWN =
            "0001 (VOPRF P-384), 0002 (blind RSA), 0005 (VOPRF ristretto255), da7a (partially blind RSA)";

    @Override
    public TokenType convert(String text) {
        try {
            String digits = text.startsWith("0x") ? text.substring(2) : text;
            TokenType type = new TokenType(Integer.parseInt(digits, 16));
            if (type.known()) {
                return type;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is no type of token: " + KNOWN);
    }

    /** The type in words. */
    static String describe(TokenType type) {
        return type
                + switch (type.value()) {
                    case 0x0001 -> ", VOPRF (P-384, SHA-384), verified with the issuer's private key";
                    case 0x0002 -> ", blind RSA (2048 bit), verified with the public key";
                    case 0x0005 -> ", VOPRF (ristretto255, SHA-512), verified with the issuer's private key";
                    case 0xda7a -> ", partially blind RSA (2048 bit), verified with the public key";
                    default -> ", not known here";
                };
    }
}
