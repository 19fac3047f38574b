package dev.masque.netty;

import io.netty.channel.Channel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** When a port that was closed is free for somebody else. */
final class Ports {
    private Ports() {}

    /**
     * Completes when the system has the port of a channel back. A socket of the JDK that is closed keeps it until the selector
     * has been asked once more, and every turn of the event loop begins with that.
     */
    static CompletableFuture<Void> released(Channel channel) {
        CompletableFuture<Void> released = new CompletableFuture<>();
        channel.closeFuture().addListener(closed -> {
            try {
                channel.eventLoop().schedule(() -> released.complete(null), 0, TimeUnit.NANOSECONDS);
            } catch (IllegalStateException | RejectedExecutionException e) { // no event loop, or one that has ended
                released.complete(null);
            }
        });
        return released;
    }

    /** Waits for one, without an end on interruption; not on its event loop. */
    static void await(CompletableFuture<Void> released, long deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                released.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException | ExecutionException | CancellationException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
