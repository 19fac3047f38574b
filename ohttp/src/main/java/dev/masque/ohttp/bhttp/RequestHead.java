package dev.masque.ohttp.bhttp;

import java.util.List;
import java.util.Locale;

/**
 * Control data and header section of a request, RFC 9292, section 3.4, under the rules of RFC 9113, section 8.3.1. Immutable;
 * its {@code toString} keeps the target to itself.
 *
 * @param method a token, case kept
 * @param scheme such as {@code https}; empty for {@code CONNECT}
 * @param authority host and port without userinfo; may be empty
 * @param path with its query, beginning with a slash ({@code *} for {@code OPTIONS}); empty for {@code CONNECT}
 * @param fields the header section
 */
public record RequestHead(String method, String scheme, String authority, String path, Fields fields) {
    /**
     * Checks the parts one by one, and that {@code Host}, if there is one, says what the authority says.
     *
     * @throws IllegalArgumentException if a part has a character that it cannot have, or parts contradict each other
     */
    public RequestHead {
        Characters.method(method);
        Characters.authority(authority);
        Characters.path(path);
        if (method.equals("CONNECT")) { // RFC 9113, 8.5
            Characters.require(scheme.isEmpty() && path.isEmpty(), "scheme or path in CONNECT");
            Characters.require(!authority.isEmpty(), "no authority in CONNECT");
        } else {
            Characters.scheme(scheme);
            boolean asterisk = path.equals("*") && method.equals("OPTIONS");
            Characters.require(
                    asterisk || !web(scheme) || path.startsWith("/"), "a path that does not begin with a slash");
        }
        List<String> hosts = fields.all("host").toList();
        Characters.require(hosts.size() <= 1, "Host more than once");
        hosts.forEach(Characters::authority);
        Characters.require(
                hosts.isEmpty()
                        || authority.isEmpty()
                        || plain(scheme, hosts.get(0)).equals(plain(scheme, authority)),
                "Host and authority differ");
    }

    private static boolean web(String scheme) {
        return scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http");
    }

    /** An authority as it compares: in lower case, without the scheme's own port. */
    private static String plain(String scheme, String authority) {
        String port = scheme.equalsIgnoreCase("https") ? ":443" : scheme.equalsIgnoreCase("http") ? ":80" : ":";
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
    }

    /**
     * Whom the request is for: the authority, or {@code Host} where that is empty.
     *
     * @return host and port; empty if neither says
     */
    public String target() {
        return authority.isEmpty() ? fields.first("host").orElse("") : authority;
    }

    /**
     * The same control data with other fields.
     *
     * @param other the fields
     * @return another head
     * @throws IllegalArgumentException if {@code Host} contradicts the authority
     */
    public RequestHead withFields(Fields other) {
        return new RequestHead(method, scheme, authority, path, other);
    }

    @Override
    public String toString() {
        return method + " " + fields;
    }
}
