package dev.masque.kwik;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tech.kwik.agent15.NewSessionTicket;
import tech.kwik.agent15.TlsProtocolException;
import tech.kwik.agent15.engine.TlsStatusEventHandler;
import tech.kwik.agent15.extension.Extension;
import tech.kwik.agent15.extension.ServerNameExtension;
import tech.kwik.core.QuicConnection;

/** Stands between agent15 and a connection of kwik, and notes what is known of the handshake only there. Thread-safe. */
final class Hello implements TlsStatusEventHandler {
    private final TlsStatusEventHandler connection;
    private final PacketWatch watch = new PacketWatch();
    private final long start = System.nanoTime();
    private volatile boolean finished;
    private boolean begun;

    @Nullable private volatile String serverName;

    Hello(TlsStatusEventHandler connection) {
        this.connection = connection;
    }

    /** The connection of kwik, a {@code ServerConnectionImpl}. */
    TlsStatusEventHandler connection() {
        return connection;
    }

    /** What sees the packets of the connection. */
    PacketWatch watch() {
        return watch;
    }

    boolean isFinished() {
        return finished;
    }

    /** The name in the client's SNI, or null. */
    @Nullable String serverName() {
        return serverName;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void extensionsReceived(List<Extension> extensions) throws TlsProtocolException {
        if (!begun && connection instanceof QuicConnection quic) {
            begun = true; // the first moment at which kwik's parts are there
            Kwik.logger(quic, watch);
            CongestionRepair.install(quic, watch);
            SenderEnd.install(quic);
        }
        for (Extension extension : extensions) {
            if (extension instanceof ServerNameExtension name) {
                serverName = name.getHostName();
            }
        }
        connection.extensionsReceived(extensions);
    }

    @Override
    public void earlySecretsKnown() {
        connection.earlySecretsKnown();
    }

    @Override
    public void handshakeSecretsKnown() {
        connection.handshakeSecretsKnown();
    }

    @Override
    public void handshakeFinished() {
        finished = true;
        connection.handshakeFinished();
    }

    @Override
    public void newSessionTicketReceived(NewSessionTicket ticket) {
        connection.newSessionTicketReceived(ticket);
    }

    @Override
    public boolean isEarlyDataAccepted() {
        return false;
    }
}
