package dev.masque.privacypass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One challenge of the scheme PrivateToken, as it stands in {@code WWW-Authenticate} or {@code Proxy-Authenticate}. RFC
 * 9577, 2.1.
 *
 * <pre>{@code
 * for (PrivateTokenChallenge one : PrivateTokenChallenge.parse(field)) {
 *     if (one.type().known()) {
 *         TokenChallenge challenge = one.challenge();
 *         ...
 *     }
 * }
 * }</pre>
 *
 * @param encoded the encoded challenge, of whatever type; at least the two bytes of the type
 * @param tokenKey the issuer's public key, where the origin says it
 * @param maxAge for how long the origin takes the answer, in whole seconds, where it says so
 * @param extensions what the origin suggests that the token says, where it does
 */
public record PrivateTokenChallenge(
        Bytes encoded, Optional<Bytes> tokenKey, Optional<Duration> maxAge, Optional<Extensions> extensions) {
    /** The name of the scheme. */
    public static final String SCHEME = "PrivateToken";

    /** The longest time that is told apart, as for other ages in HTTP (RFC 9111, 1.2.2). */
    private static final long LONGEST = Integer.MAX_VALUE;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if there is no type, or the age is negative
     */
    public PrivateTokenChallenge {
        if (encoded.size() < 2 || maxAge.isPresent() && maxAge.get().isNegative()) {
            throw new IllegalArgumentException("a challenge without a type or with a negative age");
        }
    }

    /**
     * A challenge to send.
     *
     * @param challenge what the origin asks for
     * @param tokenKey the issuer's public key
     * @return the two, without an age or extensions
     */
    public static PrivateTokenChallenge of(TokenChallenge challenge, TokenKey tokenKey) {
        return new PrivateTokenChallenge(
                challenge.encode(), Optional.of(tokenKey.encoded()), Optional.empty(), Optional.empty());
    }

    /**
     * Reads all challenges of the scheme from a field, which may hold others in between. Those that make no sense are
     * passed over; so are parameters that are unknown or that cannot be read, but for the challenge itself.
     *
     * @param field the value of the field, at most 1 MiB with at most a thousand schemes and parameters
     * @return the challenges in the order of the field; their types may be unknown
     * @throws MalformedException if the field as a whole cannot be read
     */
    public static List<PrivateTokenChallenge> parse(String field) throws MalformedException {
        List<PrivateTokenChallenge> challenges = new ArrayList<>();
        for (AuthField.Part part : AuthField.parse(field)) {
            Bytes encoded = part.is(SCHEME) && !part.repeated ? bytes(part.get("challenge")) : null;
            if (encoded != null && encoded.size() >= 2) {
                challenges.add(new PrivateTokenChallenge(
                        encoded,
                        Optional.ofNullable(bytes(part.get("token-key"))),
                        age(part.get("max-age")),
                        extensions(part.get("extensions"))));
            }
        }
        return challenges;
    }

    /**
     * Several challenges as the value of one field.
     *
     * @param challenges the challenges, in the order of preference
     * @return the value
     */
    public static String format(List<PrivateTokenChallenge> challenges) {
        return challenges.stream().map(PrivateTokenChallenge::format).collect(Collectors.joining(", "));
    }

    /**
     * This challenge as the value of a field.
     *
     * @return scheme and parameters, every value but the age in quotes
     */
    public String format() {
        StringBuilder out = new StringBuilder(SCHEME)
                .append(" challenge=\"")
                .append(Base64Url.encode(encoded))
                .append('"');
        tokenKey.ifPresent(key ->
                out.append(", token-key=\"").append(Base64Url.encode(key)).append('"'));
        extensions.ifPresent(some -> out.append(", extensions=\"")
                .append(Base64Url.encode(some.encode()))
                .append('"'));
        maxAge.ifPresent(age -> out.append(", max-age=").append(age.toSeconds()));
        return out.toString();
    }

    /**
     * The type of token that is asked for.
     *
     * @return the type, perhaps unknown
     */
    public TokenType type() {
        return new TokenType(encoded.asBuffer().getShort() & 0xffff);
    }

    /**
     * What is asked for.
     *
     * @return the challenge
     * @throws MalformedException if it has not the usual structure
     */
    public TokenChallenge challenge() throws MalformedException {
        return TokenChallenge.decode(encoded);
    }

    /**
     * The same with another age.
     *
     * @param age for how long the answer is taken, in whole seconds
     * @return a new value
     */
    public PrivateTokenChallenge withMaxAge(Duration age) {
        return new PrivateTokenChallenge(encoded, tokenKey, Optional.of(age), extensions);
    }

    private static @Nullable Bytes bytes(@Nullable String text) {
        try {
            return text == null ? null : Base64Url.decode(text);
        } catch (MalformedException e) {
            return null;
        }
    }

    private static Optional<Extensions> extensions(@Nullable String text) {
        Bytes encoded = bytes(text);
        try {
            return encoded == null ? Optional.empty() : Optional.of(Extensions.decode(encoded));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> age(@Nullable String text) {
        if (text == null || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(text.length() > 18 ? LONGEST : Math.min(Long.parseLong(text), LONGEST)));
    }
}
