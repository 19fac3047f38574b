package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that end inside the call that is told of them. */
@Timeout(60)
class RequestEndsIT {
    private static final RequestHead TUNNEL = RequestHead.connect("target.example:443", HeaderFields.empty());

    @Test
    void aResetInsideTheRequestIsToldToTheHandlerThatItReturns() throws Exception {
        CompletableFuture<RecordingStream> handler = new CompletableFuture<>();
        try (Loopback loopback = new Loopback(stream -> {
            stream.reset(ResetReason.REFUSED);
            RecordingStream events = new RecordingStream();
            handler.complete(events);
            return events;
        })) {
            RecordingStream client = new RecordingStream();
            loopback.connect().open(TUNNEL, s -> client);

            assertThat(handler.get(10, TimeUnit.SECONDS).closed.get(10, TimeUnit.SECONDS))
                    .isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));
            assertThat(client.closed.get(10, TimeUnit.SECONDS))
                    .isEqualTo(StreamFailure.remote(ResetReason.REFUSED, ResetReason.REFUSED.http3Code()));
        }
    }

    @Test
    void anExceptionInsideTheRequestResetsThatStreamOnly() throws Exception {
        int[] requests = {0};
        try (Loopback loopback = new Loopback(stream -> {
            if (requests[0]++ == 0) {
                throw new IllegalStateException("on purpose");
            }
            return new EchoServer().request(stream);
        })) {
            HttpSession session = loopback.connect();
            RecordingStream failing = new RecordingStream();
            session.open(TUNNEL, s -> failing);
            StreamFailure failure = failing.closed.get(10, TimeUnit.SECONDS);
            assertThat(failure)
                    .isEqualTo(
                            StreamFailure.remote(ResetReason.INTERNAL_ERROR, ResetReason.INTERNAL_ERROR.http3Code()));
            RecordingStream fine = new RecordingStream();
            session.open(TUNNEL, s -> fine);
            assertThat(fine.response.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }
}
