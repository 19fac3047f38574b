package dev.masque.netty;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.http3.H3Exception;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what a failed handshake with a proxy means in the words of RFC 9209. Stateless. */
final class ConnectErrors {
    private ConnectErrors() {}

    static NextHopException of(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NextHopException known) {
                return known;
            }
            if (cause instanceof CertificateException) {
                return error(
                        ProxyErrorType.TLS_CERTIFICATE_ERROR, "the proxy's certificate is not acceptable", failure);
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SslHandshakeTimeoutException) {
                return timeout();
            }
            if (cause instanceof SSLException) {
                return ofTls(cause, failure);
            }
            if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
                return error(ProxyErrorType.HTTP_PROTOCOL_ERROR, "the proxy violates HTTP/2", failure);
            }
            if (cause instanceof H3Exception) {
                return error(ProxyErrorType.HTTP_PROTOCOL_ERROR, "the proxy violates HTTP/3", failure);
            }
            if (cause instanceof ClosedChannelException) {
                return terminated(failure);
            }
        }
        return failure == null || SocketErrors.isReset(failure)
                ? terminated(failure)
                : error(ProxyErrorType.PROXY_INTERNAL_ERROR, "connecting failed", failure);
    }

    /** A failure of a session that stands; on HTTP/1.1 this can be the first that a client hears of a certificate. */
    @Nullable static Throwable named(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException && isOfClientCertificate(String.valueOf(cause.getMessage()))) {
                return new ClientCertificateException(failure);
            }
        }
        return failure;
    }

    private static boolean isOfClientCertificate(String text) {
        return isAlert(text) && ClientCertificateException.isMeant(text);
    }

    /** The messages of the JDK and of OpenSSL. */
    private static boolean isAlert(String text) {
        return text.contains("fatal alert") || text.contains("_ALERT_") || text.contains("CERTIFICATE_REQUIRED");
    }

    static NextHopException timeout() {
        return error(ProxyErrorType.CONNECTION_TIMEOUT, "connecting took too long", null);
    }

    private static NextHopException terminated(@Nullable Throwable failure) {
        return error(ProxyErrorType.CONNECTION_TERMINATED, "the proxy closed the connection", failure);
    }

    private static NextHopException ofTls(Throwable cause, @Nullable Throwable failure) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("closed")) {
            return terminated(failure);
        }
        if (isOfClientCertificate(text)) {
            return new ClientCertificateException(failure);
        }
        return isAlert(text)
                ? error(ProxyErrorType.TLS_ALERT_RECEIVED, "the proxy refused the TLS handshake", failure)
                : error(ProxyErrorType.TLS_PROTOCOL_ERROR, "the TLS handshake failed", failure);
    }

    private static NextHopException error(ProxyErrorType type, String message, @Nullable Throwable cause) {
        return new NextHopException(type, message, cause);
    }
}
