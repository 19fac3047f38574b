package dev.masque.server;

import java.io.IOException;

/** Something that comes from files and follows them while a server runs. See {@link MasqueServerBuilder#reload}. */
@FunctionalInterface
public interface Reloading {
    /**
     * Looks whether there is something new, and uses it. Called every few seconds by one thread at a time, which may block.
     *
     * @return true if something new is in use now
     * @throws IOException if there is something new that cannot be used: what was there before stays. Not thrown again for the
     *     same; the message is for the operator
     */
    boolean reload() throws IOException;
}
