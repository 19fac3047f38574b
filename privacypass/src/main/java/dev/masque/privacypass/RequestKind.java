package dev.masque.privacypass;

import java.util.Locale;
import java.util.Optional;

/** The ways to ask an issuer, by their media types. RFC 9578, 8.3; batched tokens draft, 8.2. */
public enum RequestKind {
    /** One token. */
    SINGLE("application/private-token-request", "application/private-token-response"),
    /** Many tokens of one key with one proof. */
    AMORTIZED_BATCH(
            "application/private-token-amortized-batch-request", "application/private-token-amortized-batch-response"),
    /** Tokens of any types and keys. */
    GENERIC_BATCH(
            "application/private-token-generic-batch-request", "application/private-token-generic-batch-response");

    private final String request;
    private final String response;

    RequestKind(String request, String response) {
        this.request = request;
        this.response = response;
    }

    /**
     * The kind of a request.
     *
     * @param contentType the value of a {@code Content-Type} field; parameters do not matter
     * @return the kind; empty if it is another type
     */
    public static Optional<RequestKind> of(String contentType) {
        for (RequestKind kind : values()) {
            if (matches(contentType, kind.request)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /**
     * The type of requests.
     *
     * @return a media type
     */
    public String requestType() {
        return request;
    }

    /**
     * The type of answers.
     *
     * @return a media type
     */
    public String responseType() {
        return response;
    }

    /**
     * Whether content is an answer to this.
     *
     * @param contentType the value of a {@code Content-Type} field; parameters do not matter
     * @return whether it is of the type of answers
     */
    public boolean isResponse(String contentType) {
        return matches(contentType, response);
    }

    /**
     * How many tokens a request asks for.
     *
     * @param request the whole of it
     * @param limit how many it may ask for
     * @return the number
     * @throws MalformedException if it is not of this kind, or asks for more
     */
    public int tokens(Bytes request, int limit) throws MalformedException {
        return switch (this) {
            case SINGLE -> {
                TokenRequest.decode(request);
                yield 1;
            }
            case AMORTIZED_BATCH ->
                AmortizedBatchRequest.decode(request, limit).blinded().size();
            case GENERIC_BATCH ->
                GenericBatchRequest.decode(request, limit).requests().size();
        };
    }

    private static boolean matches(String contentType, String type) {
        int end = contentType.indexOf(';');
        String bare = end < 0 ? contentType : contentType.substring(0, end);
        return bare.strip().toLowerCase(Locale.ROOT).equals(type);
    }
}
