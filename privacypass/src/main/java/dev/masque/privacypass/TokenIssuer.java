package dev.masque.privacypass;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Signs what it cannot see. Who may ask is not its concern: that is decided before, by an attester. Thread-safe; a call
 * computes for a millisecond or so for each token, and does not block. RFC 9578, 5.2 and 6.2; batched tokens draft, 4.2
 * and 5.2.
 */
public final class TokenIssuer {
    /** How many tokens one request may ask for, unless said otherwise. */
    public static final int DEFAULT_BATCH_LIMIT = 100;

    private final IssuerKeys keys;
    private final int batchLimit;
    private final BiPredicate<IssuerKey, Extensions> extensions;

    private TokenIssuer(IssuerKeys keys, int batchLimit, BiPredicate<IssuerKey, Extensions> extensions) {
        this.keys = keys;
        this.batchLimit = batchLimit;
        this.extensions = extensions;
    }

    /**
     * An issuer with the usual limit of a batch. Of extensions it signs an expiry that is not after that of the key, and
     * no other.
     *
     * @param keys its keys; stay the caller's
     * @return the issuer
     */
    public static TokenIssuer of(IssuerKeys keys) {
        return new TokenIssuer(keys, DEFAULT_BATCH_LIMIT, (key, some) -> expiresWith(key, some, Set.of()));
    }

    /**
     * The same with another limit.
     *
     * @param limit how many tokens one request may ask for, at least 1
     * @return a new issuer
     * @throws IllegalArgumentException if the limit is less
     */
    public TokenIssuer withBatchLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("batch limit " + limit);
        }
        return new TokenIssuer(keys, limit, extensions);
    }

    /**
     * The same that also signs where a client says to be, if it is one of some places. Those who get tokens may choose among
     * them; few and large ones tell least.
     *
     * @param places country, region and city with commas between, as far as they are told
     * @return a new issuer
     */
    public TokenIssuer withPlaces(Collection<String> places) {
        Set<Extension> allowed = places.stream().map(Extension::geolocation).collect(Collectors.toUnmodifiableSet());
        return withExtensions((key, some) -> expiresWith(key, some, allowed));
    }

    /**
     * The same with other rules for what tokens may say. All can read it, so the fewer different values the better do
     * clients hide among each other.
     *
     * @param allowed tells for a key whether extensions are signed; called for every request of an extended type
     * @return a new issuer
     */
    public TokenIssuer withExtensions(BiPredicate<IssuerKey, Extensions> allowed) {
        return new TokenIssuer(keys, batchLimit, allowed);
    }

    /**
     * The keys.
     *
     * @return the keys as they were given
     */
    public IssuerKeys keys() {
        return keys;
    }

    /**
     * How many tokens one request may ask for.
     *
     * @return the limit
     */
    public int batchLimit() {
        return batchLimit;
    }

    /**
     * Answers a request as it comes.
     *
     * @param kind its kind
     * @param request the whole of it
     * @return the answer, encoded, and whether all is granted that was asked for
     * @throws IssuanceException with status 422 if it is malformed or cannot be served, 400 if no part of it can
     */
    public Answer answer(RequestKind kind, Bytes request) throws IssuanceException {
        try {
            switch (kind) {
                case SINGLE -> {
                    return new Answer(issue(TokenRequest.decode(request)).encode(), true);
                }
                case AMORTIZED_BATCH -> {
                    return new Answer(
                            issue(AmortizedBatchRequest.decode(request, batchLimit))
                                    .encode(),
                            true);
                }
                case GENERIC_BATCH -> {
                    GenericBatchResponse response = issue(GenericBatchRequest.decode(request, batchLimit));
                    return new Answer(response.encode(), response.complete());
                }
            }
        } catch (MalformedException e) {
            throw IssuanceException.unprocessable("a malformed request");
        }
        throw new IllegalArgumentException("unknown kind " + kind);
    }

    /**
     * An encoded answer.
     *
     * @param content the bytes that travel
     * @param complete whether all is granted that was asked for
     */
    public record Answer(Bytes content, boolean complete) {}

    /**
     * Issues one token.
     *
     * @param request the request
     * @return the answer
     * @throws IssuanceException with status 422 if there is no such key, or nothing that can be signed
     */
    public TokenResponse issue(TokenRequest request) throws IssuanceException {
        IssuerKey key = key(request.type(), request.truncatedKeyId());
        if (request.type().extended() && !extensions.test(key, request.extensions())) {
            throw IssuanceException.unprocessable("extensions that are not signed here");
        }
        PrivateHalf.Answer answer = evaluate(key, List.of(request.blinded()), request.extensions());
        return new TokenResponse(request.type(), answer.evaluated().get(0), answer.proof());
    }

    /**
     * Issues many tokens of one key.
     *
     * @param request the request
     * @return the answer
     * @throws IssuanceException with status 422 if there is no such key, nothing that can be signed, or too much
     */
    public AmortizedBatchResponse issue(AmortizedBatchRequest request) throws IssuanceException {
        requireLimit(request.blinded().size());
        IssuerKey key = key(request.type(), request.truncatedKeyId());
        PrivateHalf.Answer answer = evaluate(key, request.blinded(), Extensions.NONE);
        return new AmortizedBatchResponse(request.type(), answer.evaluated(), answer.proof());
    }

    /**
     * Issues tokens of any types and keys. What cannot be issued is refused alone.
     *
     * @param request the requests
     * @return for each an answer, or nothing
     * @throws IssuanceException with status 422 if they are too many, 400 if none can be issued
     */
    public GenericBatchResponse issue(GenericBatchRequest request) throws IssuanceException {
        requireLimit(request.requests().size());
        List<Optional<TokenResponse>> responses = new ArrayList<>();
        for (TokenRequest one : request.requests()) {
            responses.add(issueOrRefuse(one));
        }
        if (responses.stream().noneMatch(Optional::isPresent)) {
            throw new IssuanceException(400, "none of these tokens is issued");
        }
        return new GenericBatchResponse(responses);
    }

    private Optional<TokenResponse> issueOrRefuse(TokenRequest request) {
        try {
            return Optional.of(issue(request));
        } catch (IssuanceException e) {
            return Optional.empty();
        }
    }

    private void requireLimit(int count) throws IssuanceException {
        if (count > batchLimit) {
            throw IssuanceException.unprocessable("more tokens than are issued at once");
        }
    }

    private IssuerKey key(TokenType type, int truncatedId) throws IssuanceException {
        return keys.signing(type, truncatedId).orElseThrow(() -> IssuanceException.unprocessable("no such key"));
    }

    private static PrivateHalf.Answer evaluate(IssuerKey key, List<Bytes> blinded, Extensions extensions)
            throws IssuanceException {
        try {
            return key.half().evaluate(blinded, extensions);
        } catch (GeneralSecurityException e) {
            throw IssuanceException.unprocessable("not a blinded message");
        }
    }

    private static boolean expiresWith(IssuerKey key, Extensions extensions, Set<Extension> others) {
        try {
            return extensions.list().stream()
                            .allMatch(one -> one.type() == Extension.EXPIRATION || others.contains(one))
                    && extensions
                            .expiry()
                            .map(time -> !time.isAfter(key.expires()))
                            .orElse(true);
        } catch (MalformedException e) {
            return false;
        }
    }
}
