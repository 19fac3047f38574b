package dev.masque.client;

import dev.masque.core.spi.StreamHandler;

/** The client's end of a tunnel: takes what arrives from the stream, and keeps it for the threads that read. */
interface Bridge extends StreamHandler {
    /** The proxy accepted the tunnel. Called once, on the stream's executor, before any data. */
    void accepted();

    /** Ends the tunnel at once. */
    void abort();

    /** Whether the user has closed it and only what was written is still on its way. */
    boolean isClosing();

    /** Bytes sent so far. */
    long sent();

    /** Bytes received so far. */
    long received();
}
