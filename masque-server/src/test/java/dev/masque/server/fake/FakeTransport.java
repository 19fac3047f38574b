package dev.masque.server.fake;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A transport without a network: the test connects and asks. */
public final class FakeTransport implements TransportProvider, Transport {
    public final List<ListenOptions> listens = new ArrayList<>();
    public final Set<Integer> takenPorts = new HashSet<>();
    public final List<FakeSession> sessions = new ArrayList<>();
    public volatile boolean draining;
    public boolean closed;
    public int open;

    private final Set<HttpVersion> versions;
    private int nextPort = 4001;

    @Nullable private SessionHandler handler;

    public FakeTransport(HttpVersion... versions) {
        this.versions = Set.of(versions);
    }

    public FakeSession connect() {
        return connect("198.51.100.7");
    }

    public FakeSession connect(String client) {
        FakeSession session = new FakeSession(Objects.requireNonNull(handler), client);
        sessions.add(session);
        return session;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Set<HttpVersion> versions() {
        return versions;
    }

    @Override
    public Transport create() {
        return this;
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler taken) {
        return CompletableFuture.failedFuture(new IOException("a server"));
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler taken) {
        listens.add(options);
        handler = taken;
        int port = options.address().getPort() == 0
                ? nextPort++
                : options.address().getPort();
        if (takenPorts.contains(port)) {
            return CompletableFuture.failedFuture(new IOException("port is taken"));
        }
        open++;
        return CompletableFuture.completedFuture(new FakeListening(port));
    }

    @Override
    public void close() {
        closed = true;
        sessions.forEach(FakeSession::close);
    }

    private final class FakeListening implements Listening {
        private final InetSocketAddress address;
        private boolean released;

        FakeListening(int port) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public void drain() {
            draining = true;
        }

        @Override
        public void close() {
            if (!released) {
                released = true;
                open--;
            }
        }
    }
}
