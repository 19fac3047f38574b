package dev.masque.core.spi;

/**
 * What is said to the proxy that a {@link Network} of tunnels leads to, for one connection, and what it says. Thread-safe; no
 * method blocks.
 */
public interface NextProxy {
    /**
     * What goes into the request beside what the network says itself.
     *
     * @return fields for this proxy's eyes; none that the network sets
     */
    HeaderFields fields();

    /**
     * The proxy has answered. Called before the connection is handed over, or fails for it; again, if a refusal made the network
     * ask once more. Not called if there is no answer.
     *
     * @param answer the head of the response, whatever its status
     */
    void answered(ResponseHead answer);
}
