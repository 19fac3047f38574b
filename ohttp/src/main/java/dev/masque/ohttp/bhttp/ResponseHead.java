package dev.masque.ohttp.bhttp;

/**
 * Status and header section of a response, final or informational, RFC 9292, section 3.5. Immutable.
 *
 * @param status 100 to 599
 * @param fields the header section
 */
public record ResponseHead(int status, Fields fields) {
    /**
     * Checks the status.
     *
     * @throws IllegalArgumentException if it is not within 100 to 599
     */
    public ResponseHead {
        Characters.require(status >= 100 && status <= 599, "a status outside of 100 to 599");
    }

    /**
     * Whether another response follows, section 3.5.1.
     *
     * @return true below 200
     */
    public boolean informational() {
        return status < 200;
    }
}
