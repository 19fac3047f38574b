package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The key in use until it is no longer fresh; many requests wait for one search. Thread-safe. */
final class KeyCache {
    private record Found(KeyConfig config, long at, Duration fresh) {}

    private final KeySource source;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Found> latest;

    KeyCache(KeySource source) {
        this.source = source;
    }

    CompletableFuture<KeyConfig> key() {
        lock.lock();
        try {
            CompletableFuture<Found> found = latest;
            if (found == null || found.isDone() && !usable(found)) {
                found = search().thenApply(KeyCache::found);
                latest = found;
            }
            return found.thenApply(Found::config);
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<KeyList> search() {
        try {
            return source.keys();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Found found(KeyList list) {
        try {
            return new Found(list.choose(), System.nanoTime(), list.fresh());
        } catch (OhttpRequestException e) {
            throw new CompletionException(e);
        }
    }

    private static boolean usable(CompletableFuture<Found> done) {
        if (done.isCompletedExceptionally()) {
            return false;
        }
        Found found = done.join();
        return Duration.ofNanos(System.nanoTime() - found.at()).compareTo(found.fresh()) < 0;
    }

    /** The gateway does not know the key: the next request looks for another. */
    void refused(KeyConfig config) {
        lock.lock();
        try {
            CompletableFuture<Found> found = latest;
            if (found != null
                    && found.isDone()
                    && !found.isCompletedExceptionally()
                    && found.join().config().equals(config)) {
                latest = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
