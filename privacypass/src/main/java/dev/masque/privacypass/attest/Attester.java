package dev.masque.privacypass.attest;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.RequestKind;
import dev.masque.privacypass.TokenIssuer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may ask an issuer for tokens, and how many, and passes requests on that say nothing of who asks. It knows the
 * clients and not what their tokens are used for; the issuer and origins know that and not the clients. Thread-safe; a call
 * waits for the issuer. RFC 9576, 3.2.
 */
public final class Attester {
    /** What an issuer refuses because of the request; anything else is between it and the attester. */
    private static final Set<Integer> PASSED_ON = Set.of(400, 413, 415, 422, 429, 503);

    private final List<AttestationMethod> methods;
    private final IssuerLink issuer;
    private final @Nullable Quota quota;
    private final int batchLimit;

    private Attester(Builder builder, IssuerLink issuer) {
        this.methods = List.copyOf(builder.methods);
        this.issuer = issuer;
        this.quota = builder.quota;
        this.batchLimit = builder.batchLimit;
    }

    /**
     * An attester to be set up.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Passes a request on, if the client may make it.
     *
     * @param evidence what the client shows of itself
     * @param kind the kind of its request
     * @param request the whole of it
     * @return the issuer's answer
     * @throws IssuanceException with status 401 if the client shows nothing good, 429 if it had its tokens, 422 if the
     *     request is malformed, 502 if the issuer failed, or with the status of the issuer
     * @throws IOException if the issuer cannot be reached, or what it says makes no sense
     */
    public TokenIssuer.Answer relay(Evidence evidence, RequestKind kind, Bytes request)
            throws IssuanceException, IOException {
        String client = attest(evidence);
        int count;
        try {
            count = kind.tokens(request, batchLimit);
        } catch (MalformedException e) {
            throw IssuanceException.unprocessable("a malformed request, or one for too many tokens");
        }
        if (quota != null && !quota.take(client, count)) {
            throw new IssuanceException(429, "no more tokens for now");
        }
        boolean issued = false;
        try {
            TokenIssuer.Answer answer = issuer.send(kind, request);
            issued = true;
            return answer;
        } catch (IssuanceException e) {
            throw PASSED_ON.contains(e.status()) ? e : new IssuanceException(502, "the issuer did not answer");
        } finally {
            if (!issued && quota != null) {
                quota.giveBack(client, count);
            }
        }
    }

    private String attest(Evidence evidence) throws IssuanceException {
        for (AttestationMethod method : methods) {
            Optional<String> client = method.attest(evidence);
            if (client.isPresent()) {
                return client.get();
            }
        }
        throw new IssuanceException(401, "not known here");
    }

    /**
     * What to tell clients that showed nothing good.
     *
     * @return the values of {@code WWW-Authenticate} fields
     */
    public List<String> challenges() {
        return methods.stream().flatMap(method -> method.challenge().stream()).toList();
    }

    /**
     * How many tokens one request may ask for.
     *
     * @return the limit
     */
    public int batchLimit() {
        return batchLimit;
    }

    /** Sets up an attester. For one thread. */
    public static final class Builder {
        private final List<AttestationMethod> methods = new ArrayList<>();
        private @Nullable IssuerLink issuer;
        private @Nullable Quota quota;
        private int batchLimit = TokenIssuer.DEFAULT_BATCH_LIMIT;

        private Builder() {}

        /**
         * A way to tell clients. They are tried in order, and one that tells is enough.
         *
         * @param method the method
         * @return this builder
         */
        public Builder method(AttestationMethod method) {
            methods.add(method);
            return this;
        }

        /**
         * The issuer. Must be set.
         *
         * @param link the way to it
         * @return this builder
         */
        public Builder issuer(IssuerLink link) {
            this.issuer = link;
            return this;
        }

        /**
         * An issuer in the same process, which then knows all of it together; for tests and where client and issuer trust
         * whoever runs both.
         *
         * @param local the issuer
         * @return this builder
         */
        public Builder issuer(TokenIssuer local) {
            return issuer(local::answer);
        }

        /**
         * How many tokens each client gets.
         *
         * @param each the quota; without it there is none
         * @return this builder
         */
        public Builder quota(Quota each) {
            this.quota = each;
            return this;
        }

        /**
         * How many tokens one request may ask for.
         *
         * @param limit at least 1; {@link TokenIssuer#DEFAULT_BATCH_LIMIT} by default
         * @return this builder
         */
        public Builder batchLimit(int limit) {
            this.batchLimit = limit;
            return this;
        }

        /**
         * Checks what was set up.
         *
         * @return the attester
         * @throws IllegalArgumentException if issuer or methods are missing, or the limit is less than 1
         */
        public Attester build() {
            if (issuer == null || methods.isEmpty() || batchLimit < 1) {
                throw new IllegalArgumentException("issuer and a method must be set, batchLimit at least 1");
            }
            return new Attester(this, issuer);
        }
    }
}
