package dev.masque.kwik;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tech.kwik.agent15.engine.TlsClientEngine;

/**
 * The socket of a client, connected to the proxy, which holds the first answer back until agent15 waits for it. Agent15 notes
 * that it sent the ClientHello after having given it away: a ServerHello that is faster is thrown away, and the handshake
 * never ends. Thread-safe.
 */
final class FirstAnswerSocket extends ClientSocket {
    private static final long NAP = TimeUnit.MICROSECONDS.toNanos(20);

    /** A thread that sent something comes to its next statement within this. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private static final Field STATUS = Kwik.field("tech.kwik.agent15.engine.impl.TlsClientEngineImpl", "status");

    @Nullable private volatile TlsClientEngine engine;

    private boolean answered;

    FirstAnswerSocket(SocketAddress proxy) throws SocketException {
        super(proxy);
    }

    /** In a tunnel. */
    FirstAnswerSocket(TunnelPackets tunnel, InetSocketAddress proxy) throws SocketException {
        super(tunnel, proxy);
    }

    /** Whose ClientHello is sent; to be called before that. */
    void engine(TlsClientEngine to) {
        engine = to;
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        super.receive(packet); // kwik has one thread that does this
        if (!answered) {
            awaitHello();
            answered = true;
        }
    }

    private void awaitHello() {
        TlsClientEngine waiting = engine;
        long start = System.nanoTime();
        while (waiting != null && isStarting(waiting) && System.nanoTime() - start < PATIENCE) {
            LockSupport.parkNanos(NAP);
        }
    }

    static boolean isStarting(TlsClientEngine engine) {
        return ((Enum<?>) Kwik.get(STATUS, engine)).name().equals("Start");
    }
}
