package dev.masque.client;

import dev.masque.geohash.GeoAttestation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has a hop attest once more where the client is when what it attested ends: a little before without holding anybody up,
 * afterwards before the next tunnel. Thread-safe.
 */
final class AttestationRenewal {
    /** Between two questions, if the answer was no better. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Supplier<? extends CompletionStage<?>> ask;
    private final InstantSource clock;
    private CompletableFuture<Void> asking = DONE;
    private Instant notBefore = Instant.MIN;

    /** The question is over when its stage is, in whatever way. */
    AttestationRenewal(Supplier<? extends CompletionStage<?>> ask, InstantSource clock) {
        this.ask = ask;
        this.clock = clock;
    }

    /** Completes, never with a failure, when there is nothing to wait for. */
    CompletableFuture<Void> ready(@Nullable GeoAttestation known) {
        if (known == null) {
            return DONE; // this hop does not attest, or nobody wants it to
        }
        Instant now = clock.instant();
        if (now.isBefore(known.notAfter().minus(margin(known)))) {
            return DONE;
        }
        CompletableFuture<Void> question = question(now);
        return now.isAfter(known.notAfter()) ? question : DONE;
    }

    private static Duration margin(GeoAttestation known) {
        Duration part = Duration.between(known.notBefore(), known.notAfter()).dividedBy(8);
        return part.compareTo(MARGIN) < 0 ? part : MARGIN;
    }

    /** The one that is under way, or a new one. */
    private CompletableFuture<Void> question(Instant now) {
        CompletableFuture<Void> question;
        synchronized (this) {
            if (!asking.isDone() || now.isBefore(notBefore)) {
                return asking;
            }
            notBefore = now.plus(PAUSE);
            question = new CompletableFuture<>();
            asking = question;
        }
        ask.get().whenComplete((answer, failure) -> question.complete(null));
        return question;
    }
}
