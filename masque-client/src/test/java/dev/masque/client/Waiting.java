package dev.masque.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waiting for what other threads do. */
final class Waiting {
    private Waiting() {}

    interface Action {
        void run() throws Exception;
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static CompletableFuture<Void> inBackground(Action action) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    /** Waits for what other threads bring about; the test's time-out is the deadline. */
    static void until(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.onSpinWait();
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
