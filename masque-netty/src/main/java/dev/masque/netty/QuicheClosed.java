package dev.masque.netty;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import java.io.IOException;

/** The peer ended the handshake. */
final class QuicheClosed extends IOException {
    private static final long serialVersionUID = 1L;

    /** The alert of TLS with which it did so, or -1. */
    private final int alert;

    QuicheClosed(boolean alert, int error) {
        super(
                alert
                        ? "TLS alert " + QuicConnectionCloseEvent.extractTlsError(error)
                        : "QUIC error 0x" + Integer.toHexString(error));
        this.alert = alert ? QuicConnectionCloseEvent.extractTlsError(error) : -1;
    }

    /** What it means for the attempt. */
    NextHopException problem() {
        if (ClientCertificateException.isMeant(alert)) {
            return new ClientCertificateException(this);
        }
        return alert >= 0
                ? new NextHopException(ProxyErrorType.TLS_ALERT_RECEIVED, "the proxy refused the TLS handshake", this)
                : new NextHopException(ProxyErrorType.CONNECTION_TERMINATED, "the proxy closed the connection", this);
    }
}
