package dev.masque.core;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why a proxy could not do what it was asked to: the error types of RFC 9209, section 2.3, and three that the registry
 * lacks. Immutable, like every enum.
 */
public enum ProxyErrorType {
    /** Resolving the next hop name took too long. RFC 9209, 2.3. */
    DNS_TIMEOUT("dns_timeout", 504),

    /** Resolving the next hop name failed. RFC 9209, 2.3. */
    DNS_ERROR("dns_error", 502),

    /** There is no next hop for this request. RFC 9209, 2.3. */
    DESTINATION_NOT_FOUND("destination_not_found", 500),

    /** The next hop is considered unavailable. RFC 9209, 2.3. */
    DESTINATION_UNAVAILABLE("destination_unavailable", 503),

    /** Policy forbids connections to the address of the next hop. RFC 9209, 2.3. */
    DESTINATION_IP_PROHIBITED("destination_ip_prohibited", 502),

    /** There is no route to the address of the next hop. RFC 9209, 2.3. */
    DESTINATION_IP_UNROUTABLE("destination_ip_unroutable", 502),

    /** The next hop refused the connection. RFC 9209, 2.3. */
    CONNECTION_REFUSED("connection_refused", 502),

    /** The next hop closed the connection before a response. RFC 9209, 2.3. */
    CONNECTION_TERMINATED("connection_terminated", 502),

    /** Opening the connection to the next hop took too long. RFC 9209, 2.3. */
    CONNECTION_TIMEOUT("connection_timeout", 504),

    /** The next hop sent nothing for too long. RFC 9209, 2.3. */
    CONNECTION_READ_TIMEOUT("connection_read_timeout", 504),

    /** The next hop took nothing for too long. RFC 9209, 2.3. */
    CONNECTION_WRITE_TIMEOUT("connection_write_timeout", 504),

    /** A limit on connections is reached. RFC 9209, 2.3. */
    CONNECTION_LIMIT_REACHED("connection_limit_reached", 503),

    /** TLS with the next hop failed. RFC 9209, 2.3. */
    TLS_PROTOCOL_ERROR("tls_protocol_error", 502),

    /** The certificate of the next hop is not acceptable. RFC 9209, 2.3. */
    TLS_CERTIFICATE_ERROR("tls_certificate_error", 502),

    /** The next hop sent a TLS alert. RFC 9209, 2.3. */
    TLS_ALERT_RECEIVED("tls_alert_received", 502),

    /** The proxy answers a request that is malformed or not acceptable. RFC 9209, 2.3. */
    HTTP_REQUEST_ERROR("http_request_error", 400),

    /** Policy or missing credentials deny the request. RFC 9209, 2.3. */
    HTTP_REQUEST_DENIED("http_request_denied", 403),

    /** The response of the next hop is incomplete. RFC 9209, 2.3. */
    HTTP_RESPONSE_INCOMPLETE("http_response_incomplete", 502),

    /** The header section of the response is too large. RFC 9209, 2.3. */
    HTTP_RESPONSE_HEADER_SECTION_SIZE("http_response_header_section_size", 502),

    /** A header field of the response is too large. RFC 9209, 2.3. */
    HTTP_RESPONSE_HEADER_SIZE("http_response_header_size", 502),

    /** The body of the response is too large. RFC 9209, 2.3. */
    HTTP_RESPONSE_BODY_SIZE("http_response_body_size", 502),

    /** The trailer section of the response is too large. RFC 9209, 2.3. */
    HTTP_RESPONSE_TRAILER_SECTION_SIZE("http_response_trailer_section_size", 502),

    /** A trailer field of the response is too large. RFC 9209, 2.3. */
    HTTP_RESPONSE_TRAILER_SIZE("http_response_trailer_size", 502),

    /** The transfer coding of the response cannot be decoded. RFC 9209, 2.3. */
    HTTP_RESPONSE_TRANSFER_CODING("http_response_transfer_coding", 502),

    /** The content coding of the response cannot be decoded. RFC 9209, 2.3. */
    HTTP_RESPONSE_CONTENT_CODING("http_response_content_coding", 502),

    /** The response of the next hop took too long. RFC 9209, 2.3. */
    HTTP_RESPONSE_TIMEOUT("http_response_timeout", 504),

    /** The upgrade with the next hop failed. RFC 9209, 2.3. */
    HTTP_UPGRADE_FAILED("http_upgrade_failed", 502),

    /** The next hop violated HTTP. RFC 9209, 2.3. */
    HTTP_PROTOCOL_ERROR("http_protocol_error", 502),

    /** The proxy generated the response itself, without an error. RFC 9209, 2.3. */
    PROXY_INTERNAL_RESPONSE("proxy_internal_response", 200),

    /** The proxy failed for a reason of its own. RFC 9209, 2.3. */
    PROXY_INTERNAL_ERROR("proxy_internal_error", 500),

    /** The configuration of the proxy is wrong. RFC 9209, 2.3. */
    PROXY_CONFIGURATION_ERROR("proxy_configuration_error", 500),

    /** The request would come back to this proxy. RFC 9209, 2.3. */
    PROXY_LOOP_DETECTED("proxy_loop_detected", 502),

    /** Too many requests in too short a time; not in the registry. */
    RATE_LIMITED("rate_limited", 429),

    /** No source address is free for the connection; not in the registry. */
    SOURCE_ADDR_IN_USE("source_addr_in_use", 503),

    /** The source address cannot be bound; not in the registry. */
    SOURCE_ADDR_NOT_AVAILABLE("source_addr_not_available", 503);

    private static final Map<String, ProxyErrorType> BY_TOKEN = new HashMap<>();

    static {
        for (ProxyErrorType type : values()) {
            BY_TOKEN.put(type.token, type);
        }
    }

    private final String token;
    private final int status;

    ProxyErrorType(String token, int status) {
        this.token = token;
        this.status = status;
    }

    /**
     * The token that stands in the {@code error} parameter of {@code Proxy-Status}.
     *
     * @return the token, lower case
     */
    public String token() {
        return token;
    }

    /**
     * The recommended response status.
     *
     * @return a final status code; 400 where the RFC says "the applicable 4xx"
     */
    public int status() {
        return status;
    }

    /**
     * Finds a type by its token.
     *
     * @param token the value of an {@code error} parameter
     * @return the type, empty if this version does not know it
     */
    public static Optional<ProxyErrorType> of(String token) {
        return Optional.ofNullable(BY_TOKEN.get(token));
    }
}
