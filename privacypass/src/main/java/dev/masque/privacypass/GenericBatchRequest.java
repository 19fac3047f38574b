package dev.masque.privacypass;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests for tokens of any types and keys in one message. Batched tokens draft, 5.1.
 *
 * @param requests the requests, at least one
 */
public record GenericBatchRequest(List<TokenRequest> requests) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if none is there
     */
    public GenericBatchRequest {
        requests = List.copyOf(requests);
        if (requests.isEmpty()) {
            throw new IllegalArgumentException("no request in a batch");
        }
    }

    /**
     * Reads a batch.
     *
     * @param encoded the whole of it, to the byte
     * @param limit how many requests may be in it
     * @return the batch
     * @throws MalformedException if that is not what the bytes are, a type is unknown, or there are too many
     */
    public static GenericBatchRequest decode(Bytes encoded, int limit) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        Wire.Reader vector = in.vector();
        in.end();
        List<TokenRequest> requests = new ArrayList<>();
        while (vector.hasMore()) {
            requests.add(TokenRequest.read(vector));
            if (requests.size() > limit) {
                throw new MalformedException("too many requests in a batch");
            }
        }
        if (requests.isEmpty()) {
            throw new MalformedException("no request in a batch");
        }
        return new GenericBatchRequest(requests);
    }

    /**
     * The bytes that travel.
     *
     * @return the batch, encoded
     */
    public Bytes encode() {
        Wire.Writer body = new Wire.Writer();
        requests.forEach(request -> body.opaque(request.encode()));
        return new Wire.Writer().vector(body.done()).done();
    }
}
