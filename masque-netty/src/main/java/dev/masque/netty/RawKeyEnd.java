package dev.masque.netty;

import java.io.IOException;

/** One end of TLS by Bouncy Castle, beyond what both kinds of it have in common there. Of one event loop. */
interface RawKeyEnd extends KnownByKey {
    boolean isClient();

    /** Starts the handshake; a client has something to send then. */
    void begin() throws IOException;

    /** Whether both sides have proved who they are. */
    boolean isEstablished();

    /** Whether the peer ended its direction with a close_notify. */
    boolean isInputClosed();

    /** Ends our direction with a close_notify, and goes on receiving. RFC 8446, 6.1. */
    void closeOutput() throws IOException;
}
