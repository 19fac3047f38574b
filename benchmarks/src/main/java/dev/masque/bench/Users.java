package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who may use the proxy: some open tunnels with a key, one after the other, and now and then one comes with a token.
 * For one thread.
 */
final class Users {
    private static final int IN_FLIGHT = 8;
    private static final Duration PACE = Duration.ofMillis(50);

    private final List<ProxyClient> clients;
    private final String target;
    private final Supplier<HeaderFields> tokens;
    private final List<Double> times = new ArrayList<>();
    private int putOff;

    Users(List<ProxyClient> clients, String target, Supplier<HeaderFields> tokens) {
        this.clients = clients;
        this.target = target;
        this.tokens = tokens;
    }

    /** How many with tokens were told to come again later. */
    int putOff() {
        return putOff;
    }

    /** How long those with tokens waited for their tunnels, in milliseconds. */
    double percentile(double part) {
        double[] sorted = times.stream().mapToDouble(time -> time).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }

    /** How many tunnels a second there were with a key. */
    double run(double seconds) throws IOException {
        int count = (int) Math.max(1, seconds * 1e9 / PACE.toNanos());
        HeaderFields[] fields = new HeaderFields[count];
        Arrays.setAll(fields, i -> tokens.get()); // signed before, not meanwhile
        Keyed keyed = new Keyed();
        long began = System.nanoTime();
        clients.forEach(client -> {
            for (int i = 0; i < IN_FLIGHT; i++) {
                keyed.open(client);
            }
        });
        for (HeaderFields one : fields) {
            withToken(one);
            Programs.pause(PACE);
        }
        double rate = keyed.done.sum() / ((System.nanoTime() - began) / 1e9);
        keyed.stop = true;
        ProxyClient.await(keyed.over);
        return rate;
    }

    private void withToken(HeaderFields fields) throws IOException {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        long began = System.nanoTime();
        ProxyClient client = clients.get(0);
        client.session()
                .open(RequestHead.connect(target, fields), stream -> new Answered(stream, status))
                .resume();
        switch (ProxyClient.await(status)) {
            case 200 -> times.add((System.nanoTime() - began) / 1e6);
            case 503 -> putOff++;
            default -> throw new IOException("the proxy says " + status.join());
        }
    }

    private static final class Answered extends Tunnel {
        private final HttpStream stream;
        private final CompletableFuture<Integer> status;

        Answered(HttpStream stream, CompletableFuture<Integer> status) {
            this.stream = stream;
            this.status = status;
        }

        @Override
        public void response(ResponseHead head) {
            status.complete(head.status());
        }

        @Override
        public void end() {
            super.end();
            stream.end();
        }

        @Override
        public void closed(@Nullable StreamFailure failure) {
            super.closed(failure);
            status.completeExceptionally(new IOException("no answer: " + failure));
        }
    }

    /** Tunnels with a key, each followed by the next. */
    private final class Keyed {
        private final LongAdder done = new LongAdder();
        private final AtomicInteger running = new AtomicInteger(clients.size() * IN_FLIGHT);
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private volatile boolean stop;

        void open(ProxyClient client) {
            client.open(target, stream -> new Tunnel() {
                        @Override
                        public void end() {
                            super.end();
                            stream.end();
                        }

                        @Override
                        public void closed(@Nullable StreamFailure failure) {
                            boolean stood =
                                    established().isDone() && !established().isCompletedExceptionally();
                            super.closed(failure);
                            if (!stood) {
                                over.completeExceptionally(new IOException("refused: " + failure));
                                return;
                            }
                            done.increment();
                            if (!stop) {
                                open(client);
                            } else if (running.decrementAndGet() == 0) {
                                over.complete(null);
                            }
                        }
                    })
                    .resume();
        }
    }
}
