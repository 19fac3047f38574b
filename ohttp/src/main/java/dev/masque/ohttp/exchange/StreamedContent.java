package dev.masque.ohttp.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream as the content of a request, piece by piece, without reading ahead. It is read in threads of its own: the JDK's client
 * asks for a piece before it sends the one before, and would hold that back until the sender goes on. A stream that fails fails
 * the request; it never looks complete.
 */
public final class StreamedContent {
    private static final Executor READERS = Workers.create("ohttp-content");
    private static final int PIECE = 16 << 10;

    private StreamedContent() {}

    /**
     * A publisher that can be used once: what streams cannot be sent a second time.
     *
     * @param in read until its end
     * @return the content, of a length not known
     */
    public static BodyPublisher of(InputStream in) {
        AtomicBoolean begun = new AtomicBoolean();
        return BodyPublishers.fromPublisher(subscriber -> {
            boolean again = begun.getAndSet(true);
            Reading reading = new Reading(again ? InputStream.nullInputStream() : in, subscriber);
            subscriber.onSubscribe(reading);
            if (again) {
                reading.cancel();
                subscriber.onError(new IOException("what streams cannot be sent again"));
            }
        });
    }

    private static final class Reading implements Flow.Subscription {
        private final InputStream in;
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile boolean done;

        Reading(InputStream in, Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.in = in;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long pieces) {
            demand.accumulateAndGet(pieces, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            if (rounds.getAndIncrement() == 0) {
                READERS.execute(this::read);
            }
        }

        @Override
        public void cancel() {
            done = true;
        }

        private void read() {
            int seen = rounds.get();
            do {
                while (!done && demand.get() > 0) {
                    readPiece();
                }
                seen = rounds.addAndGet(-seen);
            } while (seen > 0);
        }

        private void readPiece() {
            byte[] piece = new byte[PIECE];
            int length;
            try {
                length = in.read(piece);
            } catch (IOException e) {
                done = true;
                subscriber.onError(e);
                return;
            }
            if (length < 0) {
                done = true;
                subscriber.onComplete();
            } else {
                demand.decrementAndGet();
                subscriber.onNext(ByteBuffer.wrap(piece, 0, length));
            }
        }
    }
}
