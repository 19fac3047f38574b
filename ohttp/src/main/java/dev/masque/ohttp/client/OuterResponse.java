package dev.masque.ohttp.client;

import dev.masque.ohttp.ChunkSink;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.bhttp.BinaryDecoder;
import dev.masque.ohttp.bhttp.BinaryHttpException;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens the relay's answer while it arrives and asks for no more of it than the caller's body handler does. */
final class OuterResponse<T> implements BodySubscriber<Answer<T>> {
    private final InnerResponse<T> inner;
    private final BinaryDecoder decoder;
    private final Opening opening;
    private Flow.@Nullable Subscription upstream;
    private boolean over;

    OuterResponse(
            Attempt<T> attempt,
            HttpClient.Version version,
            BinaryHttpLimits limits,
            Function<ChunkSink, Opening> opening) {
        inner = new InnerResponse<>(attempt, version, this::more, this::stop);
        decoder = BinaryDecoder.ofResponse(inner, limits);
        this.opening = opening.apply(decoder::decode);
    }

    @Override
    public CompletionStage<Answer<T>> getBody() {
        return inner.answer();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        subscription.request(1);
    }

    private void more() {
        if (upstream != null) {
            upstream.request(1);
        }
    }

    private void stop() {
        if (upstream != null) {
            upstream.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        if (over) {
            return;
        }
        try {
            for (ByteBuffer item : items) {
                opening.decode(item);
            }
            inner.received();
        } catch (IOException | RuntimeException e) {
            stop();
            fail(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (!over) {
            over = true;
            inner.fail(new OhttpRequestException(Party.RELAY, "the relay's answer broke off", failure));
        }
    }

    @Override
    public void onComplete() {
        if (over) {
            return;
        }
        try {
            opening.end();
            over = true;
            decoder.end();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Exception cause) {
        over = true;
        if (cause instanceof OhttpException e) {
            Party party = e.kind() == OhttpException.Kind.TOO_LARGE ? Party.GATEWAY : Party.RELAY_OR_GATEWAY;
            inner.fail(new OhttpRequestException(
                    party, "the answer is not the gateway's to this request, or not whole", e));
        } else if (cause instanceof BinaryHttpException e) {
            inner.fail(
                    e.kind() == BinaryHttpException.Kind.TOO_LARGE
                            ? new OhttpRequestException(Party.TARGET, "the response is over the limit", e)
                            : new OhttpRequestException(
                                    Party.GATEWAY, "the gateway encapsulated no valid response", e));
        } else {
            inner.fail(cause); // of a body handler
        }
    }
}
