package dev.masque.client.pool;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.TransportProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One transport, and what it is to offer in one handshake. Immutable.
 *
 * @param provider makes the transport
 * @param versions HTTP/3 alone, or one or both of the others, the preferred first
 */
public record Route(TransportProvider provider, List<HttpVersion> versions) {
    /** Copies the list. */
    public Route {
        versions = List.copyOf(versions);
    }

    /**
     * Whether it goes over UDP.
     *
     * @return true for HTTP/3
     */
    public boolean isQuic() {
        return versions.get(0) == HttpVersion.HTTP_3;
    }

    /**
     * Picks the transports.
     *
     * @param providers what there is
     * @param wanted the versions, best first
     * @param strict whether each version needs a transport; otherwise those without one are left out
     * @param rawKeys whether the transports need raw public keys
     * @return at least one route, the preferred first
     * @throws IllegalStateException if there is no transport; the message is for an operator
     */
    public static List<Route> choose(
            List<TransportProvider> providers, List<HttpVersion> wanted, boolean strict, boolean rawKeys) {
        List<Route> routes = new ArrayList<>();
        List<HttpVersion> missing = new ArrayList<>();
        for (HttpVersion version : wanted) {
            Optional<TransportProvider> best = providers.stream()
                    .filter(provider -> provider.versions().contains(version)
                            && obstacle(provider, rawKeys).isEmpty())
                    .max(Comparator.comparingInt(TransportProvider::priority));
            if (best.isPresent()) {
                add(routes, best.get(), version);
            } else {
                missing.add(version);
            }
        }
        if (routes.isEmpty() || strict && !missing.isEmpty()) {
            throw new IllegalStateException(complaint(providers, missing, rawKeys));
        }
        return List.copyOf(routes);
    }

    private static void add(List<Route> routes, TransportProvider provider, HttpVersion version) {
        boolean quic = version == HttpVersion.HTTP_3;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (!quic && !route.isQuic() && route.provider == provider) {
                List<HttpVersion> both = new ArrayList<>(route.versions);
                both.add(version);
                routes.set(i, new Route(provider, both)); // one handshake offers both by ALPN
                return;
            }
        }
        routes.add(new Route(provider, List.of(version)));
    }

    private static Optional<String> obstacle(TransportProvider provider, boolean rawKeys) {
        Optional<String> unavailable = provider.unavailable();
        return rawKeys && unavailable.isEmpty() ? provider.withoutRawKeys() : unavailable;
    }

    private static String complaint(List<TransportProvider> providers, List<HttpVersion> missing, boolean rawKeys) {
        String why = providers.stream()
                .filter(provider -> provider.versions().stream().anyMatch(missing::contains))
                .flatMap(
                        provider -> obstacle(provider, rawKeys).stream().map(reason -> provider.name() + ": " + reason))
                .collect(Collectors.joining("; "));
        return "no transport for "
                + missing.stream().map(HttpVersion::alpn).collect(Collectors.joining(", "))
                + "; is masque-netty or masque-kwik on the class path?"
                + (why.isEmpty() ? "" : " (" + why + ")");
    }
}
