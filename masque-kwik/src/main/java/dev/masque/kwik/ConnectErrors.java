package dev.masque.kwik;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.MasqueException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.http3.H3Exception;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failed attempt to connect is in the words of RFC 9209. Stateless. */
final class ConnectErrors {
    private ConnectErrors() {}

    /**
     * Names a failure.
     *
     * @param failure what connect threw
     * @param abortion why kwik gave up, or null
     * @param alert the TLS alert that the proxy sent; one that comes as soon as the handshake is over is not in the failure
     * @param certificate why the certificate was refused, or null
     */
    static IOException of(
            Throwable failure, @Nullable Throwable abortion, OptionalInt alert, @Nullable Exception certificate) {
        if (certificate != null) {
            return new NextHopException(
                    ProxyErrorType.TLS_CERTIFICATE_ERROR, "the proxy's certificate is not trusted", certificate);
        }
        if (failure instanceof NextHopException known) {
            return known;
        }
        if (abortion instanceof SocketException && abortion.getCause() instanceof MasqueException ofTunnel) {
            return ofTunnel;
        }
        if (abortion instanceof PortUnreachableException) {
            return new NextHopException(
                    ProxyErrorType.CONNECTION_REFUSED, "nothing listens on the proxy's port", abortion);
        }
        if (abortion instanceof NoRouteToHostException || abortion instanceof SocketException) {
            return new NextHopException(
                    ProxyErrorType.DESTINATION_IP_UNROUTABLE, "there is no way to the proxy", abortion);
        }
        if (failure instanceof H3Exception) {
            return new NextHopException(
                    ProxyErrorType.HTTP_PROTOCOL_ERROR, "the proxy does not speak HTTP/3 as it should", failure);
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof TimeoutException || message.startsWith("Connection timed out")) {
            return new NextHopException(ProxyErrorType.CONNECTION_TIMEOUT, "the proxy did not answer in time", failure);
        }
        if (alert.isPresent()) {
            if (ClientCertificateException.isMeant(alert.getAsInt())) {
                return new ClientCertificateException(failure);
            }
            return new NextHopException(
                    ProxyErrorType.TLS_ALERT_RECEIVED, "the proxy ended the TLS handshake", failure);
        }
        if (message.contains("Server closed connection")) {
            return new NextHopException(
                    ProxyErrorType.CONNECTION_TERMINATED, "the proxy closed the connection", failure);
        }
        if (failure instanceof ConnectException && message.startsWith("Handshake error")) {
            return new NextHopException(ProxyErrorType.TLS_PROTOCOL_ERROR, "the handshake failed", failure);
        }
        return new NextHopException(ProxyErrorType.CONNECTION_TERMINATED, "the connection failed", failure);
    }
}
