package dev.masque.ohttp.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The whole of what a body publisher publishes, up to a limit. */
final class Collected implements Flow.Subscriber<ByteBuffer> {
    private final long limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<ByteBuffer> content = new CompletableFuture<>();
    private Flow.@Nullable Subscription upstream;

    private Collected(long limit) {
        this.limit = limit;
    }

    static CompletableFuture<ByteBuffer> of(BodyPublisher publisher, long limit) {
        Collected collected = new Collected(limit);
        try {
            publisher.subscribe(collected);
        } catch (RuntimeException e) { // as the JDK's publisher of a stream does
            collected.onError(e);
        }
        return collected.content;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer item) {
        if (content.isDone()) {
            return;
        }
        if (item.remaining() > limit - bytes.size()) {
            content.completeExceptionally(new OhttpRequestException(
                    OhttpRequestException.Party.TARGET, "the request is over the limit", null));
            if (upstream != null) {
                upstream.cancel();
            }
            return;
        }
        byte[] piece = new byte[item.remaining()];
        item.get(piece);
        bytes.writeBytes(piece);
    }

    @Override
    public void onError(Throwable failure) {
        content.completeExceptionally(CallerFailure.of(failure));
    }

    @Override
    public void onComplete() {
        content.complete(ByteBuffer.wrap(bytes.toByteArray()));
    }
}
