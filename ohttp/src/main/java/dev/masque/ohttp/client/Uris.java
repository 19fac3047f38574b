package dev.masque.ohttp.client;

import java.net.URI;
import java.util.Set;

/** Which resources a client talks to. */
final class Uris {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private Uris() {}

    /** Relay and keys are only as trustworthy as the connection to them. */
    static URI trusted(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        String host = String.valueOf(uri.getHost());
        if (uri.getHost() == null
                || !scheme.equalsIgnoreCase("https")
                        && !(scheme.equalsIgnoreCase("http") && THIS_MACHINE.contains(host))) {
            throw new IllegalArgumentException("neither an https URI nor one of this machine: " + uri);
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a URI with userinfo or fragment");
        }
        return uri;
    }
}
