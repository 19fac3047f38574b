package dev.masque.ohttp.exchange;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** What an intermediary says in {@code Proxy-Status} of an answer of its own (RFC 9209, 2.3). It says no more than these words. */
public enum ProxyError {
    /** There is no such next hop. */
    DESTINATION_NOT_FOUND,
    /** The name of the next hop leads nowhere. */
    DNS_ERROR,
    /** The next hop cannot be reached. */
    CONNECTION_REFUSED,
    /** The next hop cannot be reached in time. */
    CONNECTION_TIMEOUT,
    /** The next hop's certificate is not trusted, or the handshake failed otherwise. */
    TLS_CERTIFICATE_ERROR,
    /** TLS with the next hop failed. */
    TLS_PROTOCOL_ERROR,
    /** There is too much to do. */
    CONNECTION_LIMIT_REACHED,
    /** The request is not one that can be passed on. */
    HTTP_REQUEST_ERROR,
    /** The request may not be passed on. */
    HTTP_REQUEST_DENIED,
    /** The next hop's answer did not come, or broke off. */
    HTTP_RESPONSE_INCOMPLETE,
    /** The next hop's answer is too large. */
    HTTP_RESPONSE_BODY_SIZE,
    /** The next hop did not answer in time. */
    HTTP_RESPONSE_TIMEOUT,
    /** The next hop's answer is not what it should be. */
    HTTP_PROTOCOL_ERROR,
    /** The request has been here before. */
    PROXY_LOOP_DETECTED,
    /** The intermediary failed. */
    PROXY_INTERNAL_ERROR;

    /**
     * The usual reason for a status.
     *
     * @param status of a refusal
     * @return the reason
     */
    static ProxyError of(int status) {
        return switch (status) {
            case 403 -> HTTP_REQUEST_DENIED;
            case 404 -> DESTINATION_NOT_FOUND;
            case 500 -> PROXY_INTERNAL_ERROR;
            case 502 -> HTTP_RESPONSE_INCOMPLETE;
            case 503 -> CONNECTION_LIMIT_REACHED;
            case 504 -> HTTP_RESPONSE_TIMEOUT;
            case 508 -> PROXY_LOOP_DETECTED;
            default -> HTTP_REQUEST_ERROR;
        };
    }

    /**
     * Why there is no answer from the next hop.
     *
     * @param failure of the JDK's client
     * @return the reason
     */
    public static ProxyError of(Throwable failure) {
        boolean refused = false; // a name that leads nowhere looks like it, but for its cause
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return DNS_ERROR;
            }
            if (cause instanceof HttpConnectTimeoutException) {
                return CONNECTION_TIMEOUT;
            }
            if (cause instanceof HttpTimeoutException) {
                return HTTP_RESPONSE_TIMEOUT;
            }
            if (cause instanceof SSLHandshakeException) {
                return TLS_CERTIFICATE_ERROR;
            }
            if (cause instanceof SSLException) {
                return TLS_PROTOCOL_ERROR;
            }
            refused |= cause instanceof ConnectException;
        }
        return refused ? CONNECTION_REFUSED : HTTP_RESPONSE_INCOMPLETE;
    }

    /**
     * The refusal for it.
     *
     * @return with 502, or 504 if it is about time
     */
    public StatusException refusal() {
        return new StatusException(this == CONNECTION_TIMEOUT || this == HTTP_RESPONSE_TIMEOUT ? 504 : 502, this);
    }

    /**
     * The value of {@code Proxy-Status}.
     *
     * @param intermediary what calls itself so
     * @return one member of a list
     */
    public String member(String intermediary) {
        return intermediary + "; error=" + name().toLowerCase(java.util.Locale.ROOT);
    }
}
