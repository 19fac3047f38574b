package dev.masque.privacypass;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The origin: asks for tokens and takes them, each once. A token counts if it was made with a key of the issuer that
 * still counts, answers a challenge that this origin makes, and was not used before. Thread-safe; a call computes for up
 * to a millisecond, and {@link #redeem} waits for the memory of used tokens. RFC 9577, 2; RFC 9578, 5.4 and 6.4.
 *
 * <pre>{@code
 * TokenVerifier verifier = TokenVerifier.builder()
 *         .origin("proxy.example")
 *         .issuer("issuer.example", keys, TokenType.BLIND_RSA)
 *         .spentTokens(SpentTokens.inMemory(10_000_000))
 *         .build();
 * verifier.redeem(token); // throws SpentTokenException the second time
 * }</pre>
 */
public final class TokenVerifier {
    /** An issuer, and the types of its tokens that are asked for. */
    private record Issuer(String name, VerificationKeys keys, List<TokenType> types) {}

    private final List<Issuer> issuers;
    private final String origin;
    private final List<String> originInfo;
    private final RedemptionContexts contexts;
    private final SpentTokens spentTokens;
    private final Predicate<Extensions> extensions;
    private final Clock clock;

    private TokenVerifier(Builder builder, String origin, SpentTokens spentTokens) {
        this.issuers = List.copyOf(builder.issuers.values());
        this.origin = origin;
        this.originInfo = List.copyOf(builder.originInfo);
        this.contexts = builder.contexts;
        this.spentTokens = spentTokens;
        this.extensions = builder.extensions;
        this.clock = builder.clock;
    }

    /**
     * An origin to be set up.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What to send to clients that come without a token: a challenge for each issuer and type, in the order in which they
     * were set up.
     *
     * @return the challenges; those without a current key are left out
     */
    public List<PrivateTokenChallenge> challenges() {
        return challenges(contexts.current());
    }

    /**
     * The same with a context of the caller, for one exchange alone. What comes back is for {@link #redeem(Token, Bytes)}.
     *
     * @param context 32 bytes
     * @return the challenges; those without a current key are left out
     */
    public List<PrivateTokenChallenge> challenges(Bytes context) {
        Duration age = contexts.maxAge();
        List<PrivateTokenChallenge> challenges = new ArrayList<>();
        for (Issuer issuer : issuers) {
            for (TokenType type : issuer.types) {
                issuer.keys.current(type).ifPresent(key -> {
                    PrivateTokenChallenge one = PrivateTokenChallenge.of(challenge(issuer, type, context), key);
                    challenges.add(age.isZero() ? one : one.withMaxAge(age));
                });
            }
        }
        return challenges;
    }

    /**
     * Takes a token. No one can use it again, here or where the memory of used tokens is shared.
     *
     * @param token the token
     * @throws InvalidTokenException if it is not good here
     * @throws SpentTokenException if it was used before
     * @throws SpentTokensUnavailableException if that cannot be told now
     */
    public void redeem(Token token) throws PrivacyPassException {
        spend(token, verify(token, contexts.accepted()));
    }

    /**
     * Takes a token for a challenge with a context of the caller.
     *
     * @param token the token
     * @param context the 32 bytes of the challenge that was sent
     * @throws InvalidTokenException if it is not good here
     * @throws SpentTokenException if it was used before
     * @throws SpentTokensUnavailableException if that cannot be told now
     */
    public void redeem(Token token, Bytes context) throws PrivacyPassException {
        spend(token, verify(token, List.of(context)));
    }

    /**
     * Looks at a token without taking it.
     *
     * @param token the token
     * @throws InvalidTokenException if it is not good here
     */
    public void verify(Token token) throws InvalidTokenException {
        verify(token, contexts.accepted());
    }

    private void spend(Token token, VerificationKey key) throws PrivacyPassException {
        if (!spentTokens.spend(token.keyId(), token.nonce(), key.rememberUntil())) {
            throw new SpentTokenException();
        }
    }

    /** The cheap checks come first: forged tokens shall cost little. */
    private VerificationKey verify(Token token, List<Bytes> accepted) throws InvalidTokenException {
        Instant now = clock.instant();
        Issuer issuer = issuers.stream()
                .filter(one -> one.types.contains(token.type())
                        && one.keys.find(token.type(), token.keyId()).isPresent())
                .findFirst()
                .orElseThrow(() -> new InvalidTokenException(InvalidTokenException.Reason.KEY));
        VerificationKey key = issuer.keys
                .find(token.type(), token.keyId())
                .filter(one -> !one.notBefore().isAfter(now.plus(IssuerKeys.SKEW))
                        && one.expires().isAfter(now))
                .orElseThrow(() -> new InvalidTokenException(InvalidTokenException.Reason.KEY));
        if (accepted.stream()
                .map(context -> challenge(issuer, token.type(), context).digest())
                .noneMatch(token.challengeDigest()::equals)) {
            throw new InvalidTokenException(InvalidTokenException.Reason.CHALLENGE);
        }
        if (!isTimely(token, now) || !extensions.test(token.extensions())) {
            throw new InvalidTokenException(InvalidTokenException.Reason.EXTENSIONS);
        }
        if (!key.verify(token)) {
            throw new InvalidTokenException(InvalidTokenException.Reason.AUTHENTICATOR);
        }
        return key;
    }

    private static boolean isTimely(Token token, Instant now) {
        try {
            Optional<Instant> expiry = token.extensions().expiry();
            return expiry.isEmpty() || expiry.get().isAfter(now);
        } catch (MalformedException e) {
            return false;
        }
    }

    private TokenChallenge challenge(Issuer issuer, TokenType type, Bytes context) {
        return new TokenChallenge(type, issuer.name, context, originInfo);
    }

    /**
     * The name of this origin.
     *
     * @return the name as it was set up
     */
    public String origin() {
        return origin;
    }

    /** Sets up an origin. For one thread. */
    public static final class Builder {
        private final Map<String, Issuer> issuers = new LinkedHashMap<>();
        private final Set<String> originInfo = new LinkedHashSet<>();
        private @Nullable String origin;
        private boolean anyOrigin;
        private RedemptionContexts contexts = RedemptionContexts.none();
        private @Nullable SpentTokens spentTokens;
        private Predicate<Extensions> extensions = some -> true;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * The name of this origin, which tokens are then for.
         *
         * @param name as the authority part of a URI
         * @return this builder
         */
        public Builder origin(String name) {
            this.origin = name;
            return this;
        }

        /**
         * Origins that take the same tokens. They share the memory of used tokens, name the same origins in the same
         * order, and have the same contexts.
         *
         * @param names all of them, this one included, in the order of the challenge
         * @return this builder
         */
        public Builder sharedWith(String... names) {
            originInfo.addAll(List.of(names));
            return this;
        }

        /**
         * Takes tokens that are not bound to an origin. Whoever gets to see one can use it elsewhere.
         *
         * @return this builder
         */
        public Builder anyOrigin() {
            this.anyOrigin = true;
            return this;
        }

        /**
         * An issuer to trust.
         *
         * @param name its name, as challenges carry it
         * @param keys its keys
         * @param types the types to ask for, the preferred one first
         * @return this builder
         * @throws IllegalArgumentException if a type is unknown or there is none
         */
        public Builder issuer(String name, VerificationKeys keys, TokenType... types) {
            if (types.length == 0) {
                throw new IllegalArgumentException("no type of token");
            }
            for (TokenType type : types) {
                type.requireLayout();
            }
            issuers.put(name, new Issuer(name, keys, List.of(types)));
            return this;
        }

        /**
         * What tokens are bound to beside the origin.
         *
         * @param some the contexts; {@link RedemptionContexts#none} by default
         * @return this builder
         */
        public Builder contexts(RedemptionContexts some) {
            this.contexts = some;
            return this;
        }

        /**
         * What remembers used tokens. Must be set.
         *
         * @param memory the memory; stays the caller's
         * @return this builder
         */
        public Builder spentTokens(SpentTokens memory) {
            this.spentTokens = memory;
            return this;
        }

        /**
         * What tokens must say; an expiry is looked at in any case.
         *
         * @param allowed tells whether a token with these extensions is taken; all are by default
         * @return this builder
         */
        public Builder extensions(Predicate<Extensions> allowed) {
            this.extensions = allowed;
            return this;
        }

        /**
         * The clock.
         *
         * @param time what tells the time; the system's by default
         * @return this builder
         */
        public Builder clock(Clock time) {
            this.clock = time;
            return this;
        }

        /**
         * Checks what was set up.
         *
         * @return the origin
         * @throws IllegalArgumentException if origin, issuer or memory are missing, or the shared origins do not name this
         */
        public TokenVerifier build() {
            if (origin == null || spentTokens == null || issuers.isEmpty()) {
                throw new IllegalArgumentException("origin, issuer and spentTokens must be set");
            }
            if (!anyOrigin && originInfo.isEmpty()) {
                originInfo.add(origin);
            }
            if (anyOrigin ? !originInfo.isEmpty() : !originInfo.contains(origin)) { // RFC 9577, 2.1
                throw new IllegalArgumentException("sharedWith does not name the origin, or goes with anyOrigin");
            }
            TokenVerifier verifier = new TokenVerifier(this, origin, spentTokens);
            for (Issuer issuer : verifier.issuers) {
                verifier.challenge(issuer, issuer.types.get(0), contexts.current()); // checks the names
            }
            return verifier;
        }
    }
}
