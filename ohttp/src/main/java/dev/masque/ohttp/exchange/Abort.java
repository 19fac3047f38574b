package dev.masque.ohttp.exchange;

import java.util.ArrayList;
import java.util.List;

/** Closes what an exchange blocks on, to end it. Thread-safe. */
public final class Abort implements Runnable {
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean aborted;

    /**
     * Closes this too; at once, if the exchange has been ended.
     *
     * @param closeable may be closed by any thread, more than once
     */
    public void closes(AutoCloseable closeable) {
        synchronized (open) {
            if (!aborted) {
                open.add(closeable);
                return;
            }
        }
        close(closeable);
    }

    @Override
    public void run() {
        List<AutoCloseable> now;
        synchronized (open) {
            aborted = true;
            now = List.copyOf(open);
            open.clear();
        }
        for (int i = now.size() - 1; i >= 0; i--) { // the connection, which may block, comes last
            close(now.get(i));
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // it is of no more use either way
        }
    }
}
