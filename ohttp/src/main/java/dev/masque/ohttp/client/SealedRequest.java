package dev.masque.ohttp.client;

import dev.masque.ohttp.ChunkSealer;
import dev.masque.ohttp.ChunkedClientExchange;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.bhttp.BinaryEncoder;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.RequestHead;
import dev.masque.ohttp.exchange.Workers;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A request sealed in chunks while it is published, as fast as it is asked for. Each subscription is an exchange of its own:
 * no two requests share an HPKE context, not even a request and the repetition that HTTP authentication causes.
 */
final class SealedRequest implements BodyPublisher {
    /**
     * Threads that ask publishers for more. One that reads a stream blocks in that and reads ahead, and the JDK's client asks for
     * the next piece before it sends the last: without threads of their own, a piece would wait for the one after it.
     */
    private static final Executor READERS = Workers.create("ohttp-request");

    private final KeyConfig key;
    private final RequestHead head;
    private final BodyPublisher body;
    private final int block;
    private final long limit;
    private volatile @Nullable ChunkedClientExchange exchange;
    private volatile @Nullable Throwable failure;

    SealedRequest(KeyConfig key, RequestHead head, BodyPublisher body, int block, long limit) {
        this.key = key;
        this.head = head;
        this.body = body;
        this.block = block;
        this.limit = limit;
    }

    /** The exchange of the latest subscription. */
    ChunkedClientExchange exchange() {
        return Objects.requireNonNull(exchange, "nothing was sent");
    }

    /** What the caller's content failed with. */
    @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public long contentLength() {
        return -1;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        try {
            ChunkedClientExchange fresh = ChunkedClientExchange.start(key);
            exchange = fresh;
            body.subscribe(new Sealing(subscriber, fresh.request()));
        } catch (OhttpException e) {
            Failing.subscribe(subscriber, e);
        }
    }

    private final class Sealing implements Flow.Subscriber<ByteBuffer> {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final ChunkSealer sealer;
        private final BinaryEncoder encoder = BinaryEncoder.indeterminateLength();
        private @Nullable Outflow<ByteBuffer> out;
        private final AtomicInteger asked = new AtomicInteger();
        private long plain;
        private long content;

        Sealing(Flow.Subscriber<? super ByteBuffer> subscriber, ChunkSealer sealer) {
            this.subscriber = subscriber;
            this.sealer = sealer;
        }

        private Outflow<ByteBuffer> out() {
            return Objects.requireNonNull(out, "before the subscription");
        }

        private ByteBuffer counted(ByteBuffer piece) {
            plain += piece.remaining();
            return piece;
        }

        @Override
        public void onSubscribe(Flow.Subscription upstream) {
            Outflow<ByteBuffer> flow =
                    new Outflow<>(subscriber, () -> READERS.execute(() -> ask(upstream)), upstream::cancel);
            out = flow;
            flow.offer(sealer.chunk(counted(encoder.request(head))));
            subscriber.onSubscribe(flow);
        }

        /**
         * The JDK's publisher of a stream throws what the stream throws, instead of saying onError; asked again, also meanwhile by
         * another thread, it says that the stream is complete. So it is asked by one thread at a time, and not again.
         */
        private void ask(Flow.Subscription upstream) {
            if (asked.getAndIncrement() != 0) {
                return; // whoever asks does so once more
            }
            try {
                do {
                    upstream.request(1);
                } while (asked.decrementAndGet() != 0);
            } catch (RuntimeException e) {
                onError(e);
            }
        }

        @Override
        public void onNext(ByteBuffer item) {
            content += item.remaining();
            if (content > limit) {
                out().cancelWith(new OhttpRequestException(
                        OhttpRequestException.Party.TARGET, "the request is over the limit", null));
                return;
            }
            if (item.hasRemaining()) {
                out().offer(sealer.chunk(counted(encoder.content(item))));
            }
            out().received();
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            out().fail(cause);
        }

        @Override
        public void onComplete() {
            if (content > limit || failure != null) {
                return;
            }
            ByteBuffer end = counted(encoder.end(Fields.empty()));
            int padding = (int) ((block - plain % block) % block);
            out().offer(sealer.last(
                    ByteBuffer.allocate(end.remaining() + padding).put(end).clear()));
            out().end();
        }
    }

    /** A subscription that fails at once. */
    private static final class Failing implements Flow.Subscription {
        static void subscribe(Flow.Subscriber<?> subscriber, Throwable cause) {
            subscriber.onSubscribe(new Failing());
            subscriber.onError(cause);
        }

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}
