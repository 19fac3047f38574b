package dev.masque.core.spi;

/**
 * The head of a response. Immutable. The 101 that accepts an upgrade on HTTP/1.1 (RFC 9298, 3.3) appears here as 200.
 *
 * @param status 100 to 599
 * @param fields all fields; transports remove those of their connection only (Connection, Upgrade)
 */
public record ResponseHead(int status, HeaderFields fields) {
    /** Checks the range of the status. */
    public ResponseHead {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is not in 100-599");
        }
    }

    /**
     * Whether the tunnel stands.
     *
     * @return true on 2xx
     */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /**
     * Whether more responses follow.
     *
     * @return true on 1xx
     */
    public boolean isInformational() {
        return status < 200;
    }
}
