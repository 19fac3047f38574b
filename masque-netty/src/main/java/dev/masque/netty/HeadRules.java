package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.HeaderFields;
import java.util.Locale;

/** What both versions demand of the parts of a head, RFC 9110. Stateless. */
final class HeadRules {
    private static final String TCHAR = "!#$%&'*+-.^_`|~";

    private HeadRules() {}

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && TCHAR.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether a text is one character or more of visible ASCII, without spaces. */
    static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static void checkMethod(String method) throws MalformedException {
        if (!isToken(method)) {
            throw new MalformedException("method is no token");
        }
    }

    static void checkToken(String protocol) throws MalformedException {
        if (!isToken(protocol)) {
            throw new MalformedException("protocol is no token");
        }
    }

    /** A path with query, or the asterisk of OPTIONS. */
    static void checkPath(String method, String path) throws MalformedException {
        boolean asterisk = path.equals("*") && method.equals("OPTIONS");
        if (!asterisk && !path.startsWith("/") || path.indexOf('#') >= 0) {
            throw new MalformedException("path is not valid");
        }
    }

    /** A host with or without port: no userinfo, nothing of a path. */
    static void checkHost(String host) throws MalformedException {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || "@/\\?#,\"<>^`{|}".indexOf(c) >= 0) {
                throw new MalformedException("host has an illegal character");
            }
        }
    }

    /** A host and a port. What they mean, and whether they are a place to go to, is for the endpoint. */
    static void checkConnectAuthority(String authority) throws MalformedException {
        checkHost(authority);
        int colon = authority.lastIndexOf(':');
        if (colon <= 0 || colon == authority.length() - 1 || authority.indexOf(']') > colon) {
            throw new MalformedException("authority without a port");
        }
        for (int i = colon + 1; i < authority.length(); i++) {
            if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
                throw new MalformedException("port is not a number");
            }
        }
    }

    /** A request whose bytes are a tunnel's has no content to describe. RFC 9110, 9.3.6; RFC 9297, 3.4. */
    static void checkNoContent(HeaderFields fields) throws MalformedException {
        if (fields.contains("content-length") || fields.contains("transfer-encoding")) {
            throw new MalformedException("a tunnel with a length or coding of content");
        }
    }

    static int parseStatus(String status) throws MalformedException {
        if (status.length() == 3) {
            int value = 0;
            for (int i = 0; i < 3; i++) {
                int digit = status.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    throw new MalformedException("status is not a number");
                }
                value = 10 * value + digit;
            }
            if (value >= 100 && value < 600) {
                return value;
            }
        }
        throw new MalformedException("status is not valid");
    }

    static void add(HeaderFields.Builder fields, String name, String value) throws MalformedException {
        try {
            fields.add(name, value);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a field is not valid", e);
        }
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
