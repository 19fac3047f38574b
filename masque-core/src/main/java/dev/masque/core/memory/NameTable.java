package dev.masque.core.memory;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.Resolver;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Resolves the names of a {@link MemoryNetwork}. */
final class NameTable implements Resolver {
    private final Map<String, Supplier<? extends CompletionStage<List<InetAddress>>>> names;

    NameTable(Map<String, Supplier<? extends CompletionStage<List<InetAddress>>>> names) {
        this.names = names;
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String name) {
        Supplier<? extends CompletionStage<List<InetAddress>>> answer = names.get(name);
        return answer == null
                ? CompletableFuture.failedFuture(
                        new NextHopException(ProxyErrorType.DNS_ERROR, "NXDOMAIN", "no such name", null))
                : answer.get();
    }
}
