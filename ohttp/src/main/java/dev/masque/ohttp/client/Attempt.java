package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One go at a request.
 *
 * @param date what to say in {@code Date}; null to leave the field as it is
 * @param carrier whether to wait
 * @param mayCorrect whether another go with a corrected date may follow
 */
record Attempt<T>(
        HttpRequest request,
        BodyHandler<T> handler,
        KeyConfig key,
        @Nullable Instant date,
        Carrier carrier,
        boolean mayCorrect) {}
