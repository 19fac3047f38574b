package dev.masque.server.site;

import com.sun.net.httpserver.HttpHandler;

/**
 * A handler and where it stands. Immutable.
 *
 * @param path what the path of a request starts with
 * @param handler what answers
 */
public record Mount(String path, HttpHandler handler) {
    /** Checks the path. */
    public Mount {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path does not start with /: " + path);
        }
    }

    /** Whether a request belongs here: {@code /a} takes {@code /a} and {@code /a/b}, not {@code /ab}. */
    boolean takes(String requested) {
        return requested.startsWith(path)
                && (path.endsWith("/")
                        || requested.length() == path.length()
                        || requested.charAt(path.length()) == '/');
    }
}
