package dev.masque.bench;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Tunnels or connections that stand and in which nothing moves. For one thread. */
final class Idle {
    private static final int BATCH = 100;

    private final List<ByteStream> tunnels = new ArrayList<>();
    private final List<HttpSession> sessions = new ArrayList<>();

    int tunnels() {
        return tunnels.size();
    }

    /** Opens tunnels to the echo until there are so many, the same number on each route. */
    void open(List<Route> routes, int count) throws IOException {
        fill(
                tunnels,
                count,
                number -> routes.get(number % routes.size()).open(Targets.Kind.ECHO, stream -> new Tunnel()));
    }

    /** Connects, without a tunnel, until there are so many connections. */
    void connect(Supplier<CompletableFuture<HttpSession>> connecting, int count) throws IOException {
        fill(sessions, count, number -> connecting.get());
    }

    private static <T> void fill(List<T> all, int count, IntFunction<CompletableFuture<T>> opening) throws IOException {
        while (all.size() < count) {
            List<CompletableFuture<T>> batch = new ArrayList<>();
            for (int i = all.size(); i < count && batch.size() < BATCH; i++) {
                batch.add(opening.apply(i));
            }
            for (CompletableFuture<T> one : batch) {
                all.add(ProxyClient.await(one));
            }
        }
    }

    /** Ends all. */
    void end() {
        tunnels.forEach(stream -> stream.reset(Tunnel.DONE));
        sessions.forEach(HttpSession::close);
        tunnels.clear();
        sessions.clear();
    }
}
