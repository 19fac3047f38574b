package dev.masque.core.spi;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request in the form of HTTP/2 and HTTP/3, whatever version carries it. Immutable. A CONNECT-UDP request by
 * {@code Upgrade} on HTTP/1.1 (RFC 9298, 3.2) appears here as the extended CONNECT that it means, so nothing above the
 * transport tells versions apart.
 *
 * @param method the method, a token
 * @param scheme {@code https}, or null on a classic CONNECT
 * @param authority host with port on a classic CONNECT; the {@code Host} of others; null if the request has none
 * @param path path with query, or null on a classic CONNECT
 * @param protocol the {@code :protocol} of an extended CONNECT (RFC 8441, RFC 9220), else null
 * @param fields all other fields; transports remove those of their connection only (Connection, Upgrade, Host)
 */
public record RequestHead(
        String method,
        @Nullable String scheme,
        @Nullable String authority,
        @Nullable String path,
        @Nullable String protocol,
        HeaderFields fields) {

    /** The {@code :protocol} of UDP proxying, RFC 9298. */
    public static final String CONNECT_UDP = "connect-udp";

    /** Checks what holds in every version. */
    public RequestHead {
        if (method.isEmpty()) {
            throw new IllegalArgumentException("empty method");
        }
        boolean connect = method.equals("CONNECT");
        if (protocol != null && !connect) {
            throw new IllegalArgumentException(":protocol needs the method CONNECT"); // RFC 8441, 4
        }
        if (connect && protocol == null && (scheme != null || path != null || authority == null)) {
            throw new IllegalArgumentException("CONNECT takes an authority only"); // RFC 9113, 8.5; RFC 9114, 4.4
        }
        if (connect && protocol != null && (scheme == null || path == null || authority == null)) {
            throw new IllegalArgumentException("extended CONNECT needs scheme, authority and path"); // RFC 8441, 4
        }
    }

    /**
     * A classic CONNECT.
     *
     * @param authority host and port in authority form
     * @param fields further fields
     * @return the head
     */
    public static RequestHead connect(String authority, HeaderFields fields) {
        return new RequestHead("CONNECT", null, authority, null, null, fields);
    }

    /**
     * An extended CONNECT for UDP proxying.
     *
     * @param authority the proxy's authority
     * @param path the expanded template's path with query
     * @param fields further fields
     * @return the head
     */
    public static RequestHead connectUdp(String authority, String path, HeaderFields fields) {
        return new RequestHead("CONNECT", "https", authority, path, CONNECT_UDP, fields);
    }

    /**
     * Whether this asks for a TCP tunnel.
     *
     * @return true on a CONNECT without {@code :protocol}
     */
    public boolean isConnect() {
        return method.equals("CONNECT") && protocol == null;
    }

    /**
     * Whether the stream of this request speaks the Capsule Protocol and carries HTTP Datagrams (RFC 9297): a transport
     * then delivers datagrams, not data.
     *
     * @return true for the protocols known to do so
     */
    public boolean usesCapsules() {
        return CONNECT_UDP.equals(protocol);
    }
}
