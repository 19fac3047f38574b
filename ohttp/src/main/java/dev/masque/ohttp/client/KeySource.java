package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where a client has the gateway's key configurations from (RFC 9458, sections 3 and 6.1). They must be the gateway's and the same
 * for all clients: whoever can give one client keys of its own can tell its requests. Called by one thread at a time, must not
 * block; what the future fails with is what {@code send} throws.
 */
@FunctionalInterface
public interface KeySource {
    /**
     * Looks for the keys. Called again when they are no longer fresh, or the gateway refused one.
     *
     * @return the keys
     */
    CompletableFuture<KeyList> keys();

    /**
     * Keys that came with the application.
     *
     * @param content {@code application/ohttp-keys}; copied
     * @return a source that has always the same
     */
    static KeySource of(ByteBuffer content) {
        KeyList list = new KeyList(content, Duration.ofDays(36500));
        return () -> CompletableFuture.completedFuture(list);
    }

    /**
     * Keys that came with the application.
     *
     * @param configs the best first
     * @return a source that has always the same
     */
    static KeySource of(KeyConfig... configs) {
        return of(KeyConfig.encodeList(List.of(configs)));
    }

    /**
     * Keys from an HTTP resource: {@code https://gateway.example/ohttp-keys}, say. Without a path it is
     * {@code /.well-known/ohttp-gateway} (RFC 9540, section 4). They stay fresh as {@code Cache-Control} says, within a minute
     * and a week, an hour if it says nothing. Whoever answers learns the address that {@code client} comes from.
     *
     * @param client sends the request; has to decide itself through what
     * @param uri with the scheme {@code https}, or {@code http} for this machine
     * @return a source that asks again
     * @throws IllegalArgumentException if the URI is another
     */
    static KeySource http(HttpClient client, URI uri) {
        boolean bare = uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getRawPath().equals("/");
        return new HttpKeys(client, Uris.trusted(bare ? uri.resolve("/.well-known/ohttp-gateway") : uri));
    }

    /**
     * These keys, provided that another path leads to the very same: through a proxy, say, so that the gateway cannot know whom
     * it gives them to.
     *
     * @param other the second path
     * @return a source that fails if they differ
     */
    default KeySource matching(KeySource other) {
        return () -> keys().thenCombine(other.keys(), (first, second) -> {
                    if (first.content().equals(second.content())) {
                        return CompletableFuture.completedFuture(
                                first.fresh().compareTo(second.fresh()) < 0 ? first : second);
                    }
                    return CompletableFuture.<KeyList>failedFuture(
                            new OhttpRequestException(Party.KEYS, "two paths lead to different keys", null));
                })
                .thenCompose(list -> list);
    }
}
