package dev.masque.core.spi;

import java.net.InetSocketAddress;

/** A bound port that takes clients. Thread-safe. */
public interface Listening extends AutoCloseable {
    /**
     * Where it listens.
     *
     * @return the address with the port that was chosen
     */
    InetSocketAddress address();

    /** Takes no new connections; those that are there stay, and are asked to leave with {@link HttpSession#drain()}. Does not wait. */
    void drain();

    /** Releases the port and closes the sessions that came through it. Waits until the port is free, at most a few seconds. No effect the second time. */
    @Override
    void close();
}
