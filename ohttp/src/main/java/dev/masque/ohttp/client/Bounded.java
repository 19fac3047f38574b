package dev.masque.ohttp.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes a body up to a limit and no further. */
final class Bounded implements BodySubscriber<Bounded.Content> {
    /** What came, and whether it was all. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed on and dropped
    record Content(byte[] bytes, boolean whole) {}

    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Content> content = new CompletableFuture<>();
    private Flow.@Nullable Subscription upstream;

    Bounded(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<Content> getBody() {
        return content;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        for (ByteBuffer item : items) {
            byte[] piece = new byte[Math.min(item.remaining(), limit - bytes.size())];
            item.get(piece);
            bytes.writeBytes(piece);
            if (item.hasRemaining() && !content.isDone()) {
                content.complete(new Content(bytes.toByteArray(), false));
                if (upstream != null) {
                    upstream.cancel();
                }
            }
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
