package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The transport in memory, where a test has to see its {@code close}, which shows in nothing else if no client ever came, or
 * to stand between it and the server's handler.
 */
final class WatchedTransport implements TransportProvider, Transport {
    volatile boolean closed;

    private final MemoryTransportProvider memory;
    private final UnaryOperator<SessionHandler> between;

    @Nullable private Transport transport;

    WatchedTransport(MemoryTransportProvider memory, UnaryOperator<SessionHandler> between) {
        this.memory = memory;
        this.between = between;
    }

    @Override
    public String name() {
        return memory.name();
    }

    @Override
    public Set<HttpVersion> versions() {
        return memory.versions();
    }

    @Override
    public Transport create() {
        transport = memory.create();
        return this;
    }

    private Transport transport() {
        return Objects.requireNonNull(transport);
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        return transport().connect(options, handler);
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        return transport().listen(options, between.apply(handler));
    }

    @Override
    public void close() {
        closed = true;
        transport().close();
    }
}
