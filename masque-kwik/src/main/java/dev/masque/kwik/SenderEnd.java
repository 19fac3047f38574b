package dev.masque.kwik;

import tech.kwik.core.QuicConnection;

/**
 * Ends what kwik leaves of a server connection that it gave up on an internal error: it removes the connection at once and once
 * more at its end, fails at that, and leaves a thread. Stateless but for the connection.
 */
final class SenderEnd implements Thread.UncaughtExceptionHandler {
    private final QuicConnection connection;

    private SenderEnd(QuicConnection connection) {
        this.connection = connection;
    }

    static void install(QuicConnection connection) {
        Kwik.senderThread(connection).setUncaughtExceptionHandler(new SenderEnd(connection));
    }

    @Override
    public void uncaughtException(Thread sender, Throwable failure) {
        Kwik.callbackThread(connection).shutdown(); // what kwik would have done next
    }
}
