package dev.masque.privacypass;

import java.util.List;
import java.util.Optional;

/**
 * The scheme PrivateToken in {@code Authorization} and {@code Proxy-Authorization}: a token on its way to the origin. RFC
 * 9577, 2.2. Without state.
 */
public final class PrivateTokenCredentials {
    private PrivateTokenCredentials() {}

    /**
     * Reads the token of a field.
     *
     * @param field the value of the field, at most 1 MiB with at most a thousand parameters
     * @return the token; empty if the field is of another scheme
     * @throws MalformedException if there is no token, more than one, or one that is not of a known type and its length
     */
    public static Optional<Token> parse(String field) throws MalformedException {
        List<AuthField.Part> parts = AuthField.parse(field);
        if (parts.isEmpty() || !parts.get(0).is(PrivateTokenChallenge.SCHEME)) {
            return Optional.empty();
        }
        AuthField.Part part = parts.get(0);
        String token = part.get("token");
        String extensions = part.get("extensions");
        if (parts.size() > 1 || part.repeated || token == null) {
            throw new MalformedException("not one token");
        }
        return Optional.of(Token.decode(
                Base64Url.decode(token),
                extensions == null ? Extensions.NONE : Extensions.decode(Base64Url.decode(extensions))));
    }

    /**
     * A token as the value of a field.
     *
     * @param token the token
     * @return scheme and parameters; whoever sees it can use the token
     */
    public static String format(Token token) {
        String field = PrivateTokenChallenge.SCHEME + " token=\"" + Base64Url.encode(token.encode()) + '"';
        return token.type().extended()
                ? field + ", extensions=\""
                        + Base64Url.encode(token.extensions().encode()) + '"'
                : field;
    }
}
