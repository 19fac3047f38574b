package dev.masque.core;

/** The version of HTTP between two peers. */
public enum HttpVersion {
    /** HTTP/1.1 over TLS, RFC 9112. */
    HTTP_1_1("http/1.1"),
    /** HTTP/2 over TLS, RFC 9113. */
    HTTP_2("h2"),
    /** HTTP/3 over QUIC, RFC 9114. */
    HTTP_3("h3");

    private final String alpn;

    HttpVersion(String alpn) {
        this.alpn = alpn;
    }

    /**
     * The protocol id for ALPN, RFC 7301.
     *
     * @return {@code http/1.1}, {@code h2} or {@code h3}
     */
    public String alpn() {
        return alpn;
    }
}
