package dev.masque.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Releases what a server holds, the last taken first; one failure does not keep the rest. For one thread. */
final class Cleanup implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

    private final Deque<AutoCloseable> held = new ArrayDeque<>();

    <T extends AutoCloseable> T hold(T resource) {
        held.push(resource);
        return resource;
    }

    @Override
    public void run() {
        for (AutoCloseable resource = held.poll(); resource != null; resource = held.poll()) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.debug("could not be released", e);
            }
        }
    }
}
