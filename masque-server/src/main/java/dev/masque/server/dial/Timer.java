package dev.masque.server.dial;

import java.time.Duration;

/** What a server knows of time. Thread-safe. */
public interface Timer {
    /**
     * Runs a task later, on a thread that must not be blocked.
     *
     * @param delay from now
     * @param task what to run
     * @return cancels the task if it has not run; for any thread
     */
    Runnable after(Duration delay, Runnable task);

    /**
     * A clock that only goes forward.
     *
     * @return nanoseconds since some moment
     */
    long nanoTime();
}
