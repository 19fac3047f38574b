package dev.masque.privacypass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an issuer gives back for a batch of requests: for each a response, or nothing where it refused. Batched tokens
 * draft, 5.2.
 *
 * @param responses in the order of the requests
 */
public record GenericBatchResponse(List<Optional<TokenResponse>> responses) {
    /** Copies the list. */
    public GenericBatchResponse {
        responses = List.copyOf(responses);
    }

    /**
     * Reads a batch.
     *
     * @param encoded the whole of it, to the byte
     * @param limit how many responses may be in it
     * @return the batch
     * @throws MalformedException if that is not what the bytes are, a type is unknown, or there are too many
     */
    public static GenericBatchResponse decode(Bytes encoded, int limit) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        Wire.Reader vector = in.vector();
        in.end();
        List<Optional<TokenResponse>> responses = new ArrayList<>();
        while (vector.hasMore()) {
            if (responses.size() == limit) {
                throw new MalformedException("too many responses in a batch");
            }
            responses.add(
                    switch (vector.uint8()) {
                        case 0 -> Optional.empty();
                        case 1 -> Optional.of(TokenResponse.read(vector.type(), vector));
                        default -> throw new MalformedException("neither there nor absent");
                    });
        }
        return new GenericBatchResponse(responses);
    }

    /**
     * The bytes that travel.
     *
     * @return the batch, encoded
     */
    public Bytes encode() {
        Wire.Writer body = new Wire.Writer();
        for (Optional<TokenResponse> response : responses) {
            body.uint8(response.isPresent() ? 1 : 0);
            response.ifPresent(one -> body.type(one.type()).opaque(one.encode()));
        }
        return new Wire.Writer().vector(body.done()).done();
    }

    /**
     * Whether every request was granted.
     *
     * @return false if one or more were refused
     */
    public boolean complete() {
        return responses.stream().allMatch(Optional::isPresent);
    }
}
