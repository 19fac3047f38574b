package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests that are to be refused, each followed by the next as soon as it is. Started and stopped by one thread. */
final class Flood {
    private final List<ProxyClient> clients;
    private final String target;
    private final Supplier<HeaderFields> fields;
    private final int inFlight;
    private final AtomicInteger running = new AtomicInteger();
    private LongAdder refused = new LongAdder();
    private LongAdder putOff = new LongAdder();
    private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);
    private volatile boolean stopping;

    Flood(List<ProxyClient> clients, String target, Supplier<HeaderFields> fields, int inFlight) {
        this.clients = clients;
        this.target = target;
        this.fields = fields;
        this.inFlight = inFlight;
    }

    boolean isNone() {
        return inFlight == 0;
    }

    /** How many were refused since the start. */
    long refused() {
        return refused.sum();
    }

    /** How many were told to come again later. */
    long putOff() {
        return putOff.sum();
    }

    void start() {
        refused = new LongAdder();
        putOff = new LongAdder();
        over = isNone() ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        stopping = false;
        running.set(clients.size() * inFlight);
        for (ProxyClient client : clients) {
            for (int i = 0; i < inFlight; i++) {
                send(client);
            }
        }
    }

    void stop() throws IOException {
        stopping = true;
        ProxyClient.await(over);
    }

    private void send(ProxyClient client) {
        client.session()
                .open(RequestHead.connect(target, fields.get()), stream -> new Refused(client, stream))
                .resume();
    }

    private final class Refused extends Tunnel {
        private final ProxyClient client;
        private final HttpStream stream;
        private boolean counted;

        Refused(ProxyClient client, HttpStream stream) {
            this.client = client;
            this.stream = stream;
        }

        @Override
        public void response(ResponseHead head) {
            super.response(head);
            counted = true;
            switch (head.status()) {
                case 403 -> refused.increment();
                case 503 -> putOff.increment();
                default -> over.completeExceptionally(new IOException("the proxy says " + head.status()));
            }
        }

        @Override
        public void end() {
            super.end();
            stream.end();
        }

        @Override
        public void closed(@Nullable StreamFailure failure) {
            super.closed(failure);
            if (!counted) {
                over.completeExceptionally(new IOException("no answer: " + failure));
            } else if (!stopping) {
                send(client);
            } else if (running.decrementAndGet() == 0) {
                over.complete(null);
            }
        }
    }
}
