package dev.masque.netty;

import dev.masque.core.tls.RawKeyPin;
import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.TlsServerProtocol;
import org.jspecify.annotations.Nullable;

/** A server's end of TLS whose directions end one by one. Of one event loop. */
final class RawKeyServerProtocol extends TlsServerProtocol implements RawKeyEnd {
    private final RawKeyServerPeer peer;
    private boolean inputClosed;

    RawKeyServerProtocol(RawKeyServerPeer peer) {
        this.peer = peer;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public void begin() throws IOException {
        accept(peer);
    }

    @Override
    public boolean isEstablished() {
        return peer.agreed().isEstablished();
    }

    @Override
    public boolean isInputClosed() {
        return inputClosed;
    }

    @Override
    public void closeOutput() throws IOException {
        raiseAlertWarning(AlertDescription.close_notify, null);
    }

    /** Every other alert ends the connection, whatever level it has (RFC 8446, 6). */
    @Override
    protected void handleAlertMessage(short level, short description) throws IOException {
        if (description == AlertDescription.close_notify && isEstablished()) {
            inputClosed = true; // the other direction goes on
        } else if (description != AlertDescription.user_canceled) {
            super.handleAlertMessage(AlertLevel.fatal, description);
        }
    }

    @Override
    public @Nullable String alpn() {
        return peer.agreed().alpn();
    }

    @Override
    public @Nullable String serverName() {
        return peer.agreed().serverName();
    }

    @Override
    public @Nullable RawKeyPin peerKey() {
        return peer.agreed().peerKey();
    }
}
