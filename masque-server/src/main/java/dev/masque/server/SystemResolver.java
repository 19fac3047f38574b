package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.Resolver;
import dev.masque.core.thread.Workers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Resolves names as the JDK does: with the hosts file, the name service switch and the JDK's cache. Thread-safe. A look-up
 * blocks a thread of this resolver, so there are only so many at once; it cannot tell a missing name from a broken server.
 */
public final class SystemResolver implements Resolver {
    private static final int MOST = 512;

    private final ExecutorService workers = Workers.create("masque-server-worker");
    private final Semaphore places = new Semaphore(MOST);
    private final LookUp lookUp;

    /** What the JDK does. */
    interface LookUp {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    SystemResolver(LookUp lookUp) {
        this.lookUp = lookUp;
    }

    /**
     * A resolver with threads of its own.
     *
     * @return a resolver, to be closed by the caller
     */
    public static SystemResolver create() {
        return new SystemResolver(InetAddress::getAllByName);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String name) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new NextHopException(ProxyErrorType.CONNECTION_LIMIT_REACHED, "too many look-ups", null));
        }
        CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        try {
            workers.execute(() -> answer(name, result));
        } catch (RejectedExecutionException e) {
            places.release();
            result.completeExceptionally(
                    new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "resolver is closed", e));
        }
        return result;
    }

    private void answer(String name, CompletableFuture<List<InetAddress>> result) {
        try {
            result.complete(List.of(lookUp.all(name)));
        } catch (UnknownHostException | RuntimeException e) {
            result.completeExceptionally(new NextHopException(ProxyErrorType.DNS_ERROR, "no address", e));
        } finally {
            places.release();
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
