package dev.masque.ohttp.gateway;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The origins that a gateway calls; none unless they are named. Immutable. */
final class Origins {
    private final Set<String> allowed = new HashSet<>();

    Origins(Iterable<URI> origins) {
        for (URI origin : origins) {
            String path = origin.getRawPath();
            String plain = plain(origin);
            if (plain == null
                    || origin.getRawUserInfo() != null
                    || origin.getRawQuery() != null
                    || origin.getRawFragment() != null
                    || path != null && !path.isEmpty() && !path.equals("/")) {
                throw new IllegalArgumentException("no origin such as https://app.example: " + origin);
            }
            allowed.add(plain);
        }
    }

    boolean allows(URI uri) {
        String plain = plain(uri);
        return plain != null && uri.getRawUserInfo() == null && allowed.contains(plain);
    }

    private static @Nullable String plain(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || !scheme.equals("https") && !scheme.equals("http")) {
            return null;
        }
        int standard = scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host.toLowerCase(Locale.ROOT) + ":" + (uri.getPort() < 0 ? standard : uri.getPort());
    }
}
