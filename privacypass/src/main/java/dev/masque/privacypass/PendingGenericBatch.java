package dev.masque.privacypass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tokens of any types and keys that were asked for together: the request, and the secrets that make tokens of the answer.
 * Thread-safe.
 */
public final class PendingGenericBatch {
    private final List<PendingToken> pending;

    PendingGenericBatch(List<PendingToken> pending) {
        if (pending.isEmpty()) {
            throw new IllegalArgumentException("no request in a batch");
        }
        this.pending = List.copyOf(pending);
    }

    /**
     * What the issuer gets.
     *
     * @return the request, which says nothing of the tokens
     */
    public GenericBatchRequest request() {
        return new GenericBatchRequest(
                pending.stream().map(PendingToken::request).toList());
    }

    /**
     * Makes the tokens of the issuer's answer. They are verified, each for itself.
     *
     * @param response the answer to this request
     * @return for each request a token; empty where the issuer refused it, or gave what is no token
     * @throws PrivacyPassException if it does not answer as many requests as were sent
     */
    public List<Optional<Token>> finish(GenericBatchResponse response) throws PrivacyPassException {
        if (response.responses().size() != pending.size()) {
            throw new PrivacyPassException("an answer of another length");
        }
        List<Optional<Token>> tokens = new ArrayList<>(pending.size());
        for (int i = 0; i < pending.size(); i++) {
            tokens.add(finish(pending.get(i), response.responses().get(i)));
        }
        return tokens;
    }

    private static Optional<Token> finish(PendingToken pending, Optional<TokenResponse> response) {
        try {
            return response.isPresent() ? Optional.of(pending.finish(response.get())) : Optional.empty();
        } catch (PrivacyPassException e) {
            return Optional.empty();
        }
    }

    /** How many, and nothing secret. */
    @Override
    public String toString() {
        return "PendingGenericBatch[" + pending.size() + "]";
    }
}
