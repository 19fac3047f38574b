package dev.masque.client;

import dev.masque.client.pool.SessionPool;
import java.util.Set;

/** One hop at work: its sessions, and what opens tunnels on them. Thread-safe. */
record Link(TunnelOpener opener, SessionPool pool) {
    /** What is open on it. */
    Set<Exchange> open() {
        return opener.open();
    }
}
