package dev.masque.privacypass;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks an issuer for tokens. RFC 9578, 5 and 6. Without state; what a request needs to be finished is in the pending token.
 *
 * <pre>{@code
 * PendingToken pending = TokenClient.request(challenge, issuerKey);
 * Token token = pending.finish(issuer.send(pending.request()));
 * }</pre>
 */
public final class TokenClient {
    private static final SecureRandom RANDOM = new SecureRandom();

    private TokenClient() {}

    /**
     * Begins a token.
     *
     * @param challenge what the origin asked for
     * @param key the issuer's key, of the type that the challenge names
     * @return the request, and what is needed to read the answer
     * @throws PrivacyPassException if the key is not a key of its type
     * @throws IllegalArgumentException if key and challenge differ in their type
     */
    public static PendingToken request(TokenChallenge challenge, TokenKey key) throws PrivacyPassException {
        return request(challenge, key, Extensions.NONE);
    }

    /**
     * Begins a token that says more.
     *
     * @param challenge what the origin asked for
     * @param key the issuer's key, of the type that the challenge names
     * @param extensions what the token shall say; none unless the type is an extended one
     * @return the request, and what is needed to read the answer
     * @throws PrivacyPassException if the key is not a key of its type
     * @throws IllegalArgumentException if key and challenge differ in their type, or it takes no extensions
     */
    public static PendingToken request(TokenChallenge challenge, TokenKey key, Extensions extensions)
            throws PrivacyPassException {
        requireType(challenge, key);
        PublicHalf publicHalf = PublicHalf.of(key);
        Unsigned unsigned = Unsigned.of(key, challenge.digest(), nonce(), extensions);
        return new PendingToken(unsigned, publicHalf.blind(List.of(unsigned.input()), extensions));
    }

    /**
     * Begins many tokens of one key, which costs less than as many requests.
     *
     * @param challenge what the origin asked for
     * @param key the issuer's key, of a type that {@linkplain TokenType#amortizes amortizes} and that the challenge names
     * @param count how many, at least 1; issuers have limits
     * @return the request, and what is needed to read the answer
     * @throws PrivacyPassException if the key is not a key of its type
     * @throws IllegalArgumentException if key and challenge differ in their type, or there is no such batch
     */
    public static PendingAmortizedBatch amortized(TokenChallenge challenge, TokenKey key, int count)
            throws PrivacyPassException {
        requireType(challenge, key);
        if (count < 1 || !key.type().amortizes()) {
            throw new IllegalArgumentException("no batch of type " + key.type() + " with " + count);
        }
        PublicHalf publicHalf = PublicHalf.of(key);
        Bytes digest = challenge.digest();
        List<Unsigned> unsigned = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            unsigned.add(Unsigned.of(key, digest, nonce(), Extensions.NONE));
        }
        List<Bytes> inputs = unsigned.stream().map(Unsigned::input).toList();
        return new PendingAmortizedBatch(unsigned, publicHalf.blind(inputs, Extensions.NONE));
    }

    /**
     * Puts requests for tokens of any types and keys into one.
     *
     * @param pending the tokens, at least one; issuers have limits
     * @return the request, and what is needed to read the answer
     * @throws IllegalArgumentException if none is there
     */
    public static PendingGenericBatch generic(List<PendingToken> pending) {
        return new PendingGenericBatch(pending);
    }

    private static void requireType(TokenChallenge challenge, TokenKey key) {
        if (!challenge.type().equals(key.type())) {
            throw new IllegalArgumentException(
                    "a key of type " + key.type() + " for a challenge of type " + challenge.type());
        }
    }

    private static Bytes nonce() {
        byte[] nonce = new byte[32];
        RANDOM.nextBytes(nonce);
        return Bytes.copyOf(nonce);
    }
}
