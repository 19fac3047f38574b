package dev.masque.server.location;

import dev.masque.geohash.GeoKeySet;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keys that are fetched from a first hop now and then. Thread-safe. */
final class FetchedKeys implements AttestationKeys {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final Duration RETRY = Duration.ofSeconds(60);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MAX_DOCUMENT = 8192;

    private final URI document;
    private final HttpClient http;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Instant last;
    private volatile boolean wanted;
    private volatile @Nullable Fetched fetched;

    private record Fetched(GeoKeySet keys, Instant at) {}

    FetchedKeys(URI firstHop, HttpClient http, InstantSource clock) {
        if (!"https".equals(firstHop.getScheme()) || firstHop.getHost() == null) {
            throw new IllegalArgumentException("not an https URI: " + firstHop);
        }
        this.document = firstHop.resolve(GeoKeySet.WELL_KNOWN);
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Optional<GeoKeySet> current() {
        Fetched known = fetched;
        return known == null || known.at.plus(KEPT).isBefore(clock.instant())
                ? Optional.empty()
                : Optional.of(known.keys);
    }

    @Override
    public void missing() {
        wanted = true;
    }

    @Override
    public void refresh() throws IOException {
        if (!fetching.tryLock()) {
            return;
        }
        try {
            Instant now = clock.instant();
            Fetched known = fetched;
            boolean fresh = known != null && !known.at.plus(INTERVAL).isBefore(now) && !wanted;
            Instant before = last;
            if (fresh || before != null && before.plus(RETRY).isAfter(now)) {
                return;
            }
            last = now;
            wanted = false;
            fetched = new Fetched(fetch(), now);
        } finally {
            fetching.unlock();
        }
    }

    private GeoKeySet fetch() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(document).timeout(TIMEOUT).build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] text = body.readNBytes(MAX_DOCUMENT + 1);
                if (response.statusCode() != 200 || text.length > MAX_DOCUMENT) {
                    throw new IOException("no keys there: status " + response.statusCode());
                }
                return GeoKeySet.parse(new String(text, StandardCharsets.US_ASCII));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while fetching keys");
        }
    }
}
