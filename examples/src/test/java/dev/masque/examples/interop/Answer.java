package dev.masque.examples.interop;

import dev.masque.core.MasqueException;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The status of the answer to a request. */
final class Answer implements StreamHandler {
    static final RequestHead REQUEST = new RequestHead("GET", "https", "localhost", "/", null, HeaderFields.empty());

    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    CompletableFuture<Integer> status() {
        return status;
    }

    @Override
    public void response(ResponseHead head) {
        status.complete(head.status());
    }

    @Override
    public void data(ByteBuffer data) {
        data.position(data.limit());
    }

    @Override
    public void end() {}

    @Override
    public void closed(@Nullable StreamFailure failure) {
        status.completeExceptionally(new MasqueException("no answer: " + failure));
    }
}
