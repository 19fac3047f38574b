package dev.masque.bench;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tunnels in the making for some time: each leads to a target that hangs up at once, and when it is over there is the
 * next.
 *
 * @param subject the proxy
 * @param routes ways through it
 * @param inFlight tunnels at once on each
 * @param targets at the end of them
 */
record Setup(Subject subject, List<Route> routes, int inFlight, Targets targets) {
    /** Tunnels a second. */
    double rate(double seconds) throws IOException {
        Run run = new Run(routes.size() * inFlight);
        long connections = targets.hungUp();
        long began = System.nanoTime();
        for (Route route : routes) {
            for (int i = 0; i < inFlight; i++) {
                run.open(route);
            }
        }
        Programs.pause(Duration.ofNanos((long) (seconds * 1e9)));
        double rate = run.done.sum() / ((System.nanoTime() - began) / 1e9);
        run.stop = true;
        try {
            ProxyClient.await(run.allClosed);
        } catch (IOException e) {
            throw new IOException(subject.name() + ": " + run.running.get() + " tunnels are left", e);
        }
        if (targets.hungUp() - connections < run.done.sum()) {
            throw new IOException(subject.name() + " says that it connects, and does not");
        }
        return rate;
    }

    /** Opens the next tunnel when one is over. */
    private static final class Run {
        private final AtomicInteger running;
        private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
        private final LongAdder done = new LongAdder();
        private volatile boolean stop;

        Run(int tunnels) {
            this.running = new AtomicInteger(tunnels);
        }

        void open(Route route) {
            route.open(Targets.Kind.HANG_UP, stream -> new OneTunnel(route, stream))
                    .whenComplete((stream, failure) -> {
                        if (failure != null) {
                            allClosed.completeExceptionally(failure);
                        }
                    });
        }

        private final class OneTunnel extends Tunnel {
            private final Route route;
            private final ByteStream stream;

            OneTunnel(Route route, ByteStream stream) {
                this.route = route;
                this.stream = stream;
            }

            @Override
            public void end() {
                super.end();
                stream.end();
            }

            @Override
            public void closed(@Nullable StreamFailure failure) {
                super.closed(failure);
                done.increment();
                if (!stop) {
                    open(route);
                } else if (running.decrementAndGet() == 0) {
                    allClosed.complete(null);
                }
            }
        }
    }
}
