package dev.masque.core.spi;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/** A UDP socket that is connected to one target. Thread-safe; no method blocks. */
public interface UdpSocket extends AutoCloseable {
    /**
     * Sends a UDP payload, or drops it if the socket cannot take it now. Leaves at the next {@link #flush()} at the latest.
     *
     * @param payload 0 to 65527 bytes; copied before this returns
     * @return false if it was dropped here and now
     */
    boolean send(ByteBuffer payload);

    /** Sends what {@link #send} took. */
    void flush();

    /**
     * The largest payload that {@link #send} can take now.
     *
     * @return bytes; what UDP can carry, if no less is known
     */
    default int maxPayload() {
        return 65_527;
    }

    /**
     * This end.
     *
     * @return the bound address
     */
    InetSocketAddress localAddress();

    /**
     * The thread of the callbacks.
     *
     * @return an executor whose tasks run one at a time
     */
    Executor executor();

    /** Closes the socket. No effect the second time. */
    @Override
    void close();
}
