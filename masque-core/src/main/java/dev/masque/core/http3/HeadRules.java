package dev.masque.core.http3;

import dev.masque.core.spi.HeaderFields;
import java.util.Set;

/** What is demanded of the parts of a head, RFC 9110 and RFC 9114, 4.2. Stateless. */
public final class HeadRules {
    private static final Set<String> OF_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
    private static final String TCHAR = "!#$%&'*+-.^_`|~";
    private static final String NOT_IN_HOST = "@/\\?#,\"<>^`{|}";

    private HeadRules() {}

    /**
     * Whether a field is about a connection of another version of HTTP, RFC 9114, 4.2.
     *
     * @param name in lower case
     * @return true if it does not belong into HTTP/3
     */
    public static boolean isOfConnection(String name) {
        return OF_CONNECTION.contains(name);
    }

    static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static String token(String text) throws H3Exception {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && TCHAR.indexOf(c) < 0) {
                throw H3Exception.malformed("not a token");
            }
        }
        return text;
    }

    static void path(String method, String path) throws H3Exception {
        boolean asterisk = path.equals("*") && method.equals("OPTIONS");
        if (!asterisk && !path.startsWith("/") || path.indexOf('#') >= 0) {
            throw H3Exception.malformed("path is not legal");
        }
    }

    /** No userinfo, nothing of a path. */
    static void host(String host) throws H3Exception {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || NOT_IN_HOST.indexOf(c) >= 0) {
                throw H3Exception.malformed("authority has an illegal character");
            }
        }
    }

    /** The authority of a classic CONNECT; whether it is a place to go to is for the endpoint to say. */
    static void authorityWithPort(String authority) throws H3Exception {
        int colon = authority.lastIndexOf(':');
        if (colon <= 0 || colon == authority.length() - 1 || authority.indexOf(']') > colon) {
            throw H3Exception.malformed("authority without a port");
        }
        for (int i = colon + 1; i < authority.length(); i++) {
            if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
                throw H3Exception.malformed("port is not a number");
            }
        }
    }

    /** A tunnel has no content to describe: RFC 9110, 9.3.6; RFC 9297, 3.2. */
    static void noContent(HeaderFields fields, boolean capsules) throws H3Exception {
        if (fields.contains("content-length") || capsules && fields.contains("content-type")) {
            throw H3Exception.malformed("a tunnel with a description of content");
        }
    }

    static int status(String status) throws H3Exception {
        int value = 0;
        for (int i = 0; i < status.length(); i++) {
            int digit = status.charAt(i) - '0';
            value = digit < 0 || digit > 9 || value > 99 ? -1_000_000 : 10 * value + digit;
        }
        if (status.length() != 3 || value < 100 || value > 599) {
            throw H3Exception.malformed("status is not legal");
        }
        return value;
    }

    /** The Content-Length of a message, -1 if there is none, RFC 9110, 8.6. */
    static long contentLength(HeaderFields fields) throws H3Exception {
        String first = fields.first("content-length");
        if (first == null) {
            return -1;
        }
        for (String other : fields.all("content-length")) {
            if (!other.equals(first)) {
                throw H3Exception.malformed("several lengths of content");
            }
        }
        try {
            if (first.isEmpty() || first.charAt(0) < '0' || first.charAt(0) > '9') {
                throw H3Exception.malformed("length of content is not a number");
            }
            return Long.parseLong(first);
        } catch (NumberFormatException e) {
            throw H3Exception.malformed("length of content is not a number", e);
        }
    }
}
