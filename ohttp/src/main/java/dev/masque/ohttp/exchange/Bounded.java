package dev.masque.ohttp.exchange;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes a body up to a limit and no further. */
public final class Bounded implements BodySubscriber<Bounded.Content> {
    private final int limit;
    private final ByteArrayOutputStream bytes;
    private final CompletableFuture<Content> content = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription upstream;

    /**
     * What came.
     *
     * @param bytes no more than the limit
     * @param whole whether it was all
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed on and dropped
    public record Content(byte[] bytes, boolean whole) {}

    /**
     * Takes nothing yet.
     *
     * @param limit in bytes
     */
    public Bounded(int limit) {
        this(limit, 32);
    }

    /**
     * Takes nothing yet.
     *
     * @param limit in bytes
     * @param expected what there is to come, as far as that is known
     */
    public Bounded(int limit, long expected) {
        this.limit = limit;
        this.bytes = new ByteArrayOutputStream((int) Math.min(limit, expected));
    }

    @Override
    public CompletionStage<Content> getBody() {
        return content;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        if (content.isDone()) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        for (ByteBuffer item : items) {
            byte[] piece = new byte[Math.min(item.remaining(), limit - bytes.size())];
            item.get(piece);
            bytes.writeBytes(piece);
            if (item.hasRemaining() && !content.isDone()) {
                content.complete(new Content(bytes.toByteArray(), false));
                cancel();
            }
        }
    }

    private void cancel() {
        Flow.Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /**
     * Gives it up.
     *
     * @param reason what there is instead of a body, unless that is there already
     */
    public void giveUp(Throwable reason) {
        if (content.completeExceptionally(reason)) {
            cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        content.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        content.complete(new Content(bytes.toByteArray(), true));
    }
}
