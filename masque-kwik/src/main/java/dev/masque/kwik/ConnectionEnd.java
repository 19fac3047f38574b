package dev.masque.kwik;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.MasqueException;
import dev.masque.core.http3.H3;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.ConnectionListener;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.ConnectionTerminatedEvent.CloseReason;

/** Tells a session that its connection ended, and why. Stateless but for the session. */
final class ConnectionEnd implements ConnectionListener {
    private static final long FIRST_ALERT = 0x100; // CRYPTO_ERROR, RFC 9000, 20.1

    private final H3Session session;

    ConnectionEnd(H3Session session) {
        this.session = session;
    }

    @Override
    public void disconnected(ConnectionTerminatedEvent event) {
        Throwable cause = cause(event, !session.isServer());
        session.run(() -> session.closedByPeer(cause));
    }

    @Nullable private static Throwable cause(ConnectionTerminatedEvent event, boolean client) {
        CloseReason reason = event.closeReason();
        if (reason == CloseReason.IdleTimeout || reason == CloseReason.ConnectionLost) {
            return new MasqueException("the peer does not answer any more");
        }
        if (reason == CloseReason.StatelessReset) {
            return new MasqueException("the peer does not know the connection any more");
        }
        Long application = event.applicationErrorCode();
        if (application != null && application != H3.NO_ERROR) {
            return new MasqueException(
                    "the connection was closed with HTTP/3 error 0x" + Long.toHexString(application));
        }
        Long transport = event.transportErrorCode();
        if (transport != null && client && ClientCertificateException.isMeant((int) (transport - FIRST_ALERT))) {
            return new ClientCertificateException(null); // a client's handshake is over before the server's
        }
        if (transport != null) {
            return new MasqueException("the connection was closed with QUIC error 0x" + Long.toHexString(transport));
        }
        return null;
    }
}
