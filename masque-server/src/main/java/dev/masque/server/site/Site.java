package dev.masque.server.site;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamHandler;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Gives ordinary requests to the handler with the longest path that fits; 404 without one. Thread-safe. */
public final class Site {
    private final List<Mount> mounts;
    private final Executor executor;
    private final Semaphore places;
    private final int most;

    /**
     * A site.
     *
     * @param mounts handlers and their paths
     * @param executor runs the handlers, which may block
     * @param maxRequests how many may run at once
     */
    public Site(List<Mount> mounts, Executor executor, int maxRequests) {
        this.mounts = mounts.stream()
                .sorted(Comparator.comparingInt((Mount mount) -> -mount.path().length()))
                .toList();
        this.executor = executor;
        this.places = new Semaphore(maxRequests);
        this.most = maxRequests;
    }

    /**
     * Waits until no handler runs.
     *
     * @param patience how long
     * @return false if one still runs
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        boolean idle = places.tryAcquire(most, patience.toNanos(), TimeUnit.NANOSECONDS);
        if (idle) {
            places.release(most);
        }
        return idle;
    }

    /**
     * Takes a request.
     *
     * @param stream its stream, paused
     * @param answers what the server adds
     * @return the handler of the stream
     */
    public StreamHandler request(HttpStream stream, Answers answers) {
        String path = stream.request().path();
        URI uri;
        try {
            uri = new URI(path == null ? "" : path);
        } catch (URISyntaxException e) {
            return refuse(stream, answers, 400, HeaderFields.empty());
        }
        String requested = uri.getPath() == null ? "" : uri.getPath();
        Optional<Mount> mount =
                mounts.stream().filter(candidate -> candidate.takes(requested)).findFirst();
        if (mount.isEmpty()) {
            return refuse(stream, answers, 404, HeaderFields.empty());
        }
        return places.tryAcquire()
                ? run(mount.get(), uri, stream, answers)
                : refuse(stream, answers, 503, HeaderFields.of("retry-after", "1"));
    }

    private StreamHandler run(Mount mount, URI uri, HttpStream stream, Answers answers) {
        Bridge bridge = new Bridge(stream);
        MountedExchange exchange = new MountedExchange(bridge, stream, uri, mount, answers, places::release);
        try {
            executor.execute(exchange::run);
        } catch (RejectedExecutionException e) {
            places.release();
            return refuse(stream, answers, 503, HeaderFields.empty());
        }
        stream.resume();
        return bridge;
    }

    private static StreamHandler refuse(HttpStream stream, Answers answers, int status, HeaderFields more) {
        stream.respond(new ResponseHead(
                status,
                HeaderFields.builder()
                        .addAll(answers.fields())
                        .addAll(more)
                        .add("content-length", "0")
                        .build()));
        StreamHandler leftover = answers.leftover(stream);
        answers.answered(status);
        stream.end();
        stream.resume();
        return leftover;
    }
}
