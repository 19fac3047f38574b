package dev.masque.client.pool;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Asks the system for the proxy's addresses, on a thread that may block. Thread-safe. */
public final class SystemResolver implements Resolver {
    private final Executor executor;

    /**
     * A resolver.
     *
     * @param executor for lookups, which block
     */
    public SystemResolver(Executor executor) {
        this.executor = executor;
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String name) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    found.complete(List.of(InetAddress.getAllByName(name)));
                } catch (UnknownHostException e) {
                    found.completeExceptionally(
                            new NextHopException(ProxyErrorType.DNS_ERROR, "the proxy's name cannot be resolved", e));
                }
            });
        } catch (RejectedExecutionException e) {
            found.completeExceptionally(e);
        }
        return found;
    }
}
