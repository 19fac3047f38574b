package dev.masque.server;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the answer to a request is to say beside that it was granted, in our own words. Thread-safe. */
final class TunnelNotes {
    private final Set<String> phrases = new LinkedHashSet<>();

    @Nullable private NextProxyAnswer nextProxy;

    synchronized void add(String phrase) {
        phrases.add(phrase);
    }

    /** For {@code Proxy-Status}. */
    synchronized Optional<String> details() {
        return phrases.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", phrases));
    }

    synchronized void answered(NextProxyAnswer answer) {
        nextProxy = answer;
    }

    /** What the proxy behind this one answered last. */
    synchronized Optional<NextProxyAnswer> nextProxy() {
        return Optional.ofNullable(nextProxy);
    }
}
