package dev.masque.client;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection to a target, made by the proxy. Thread-safe. Reads and writes block until there is something to do; an
 * interrupt ends them with {@link java.io.InterruptedIOException}. A tunnel that breaks fails them with {@link
 * TunnelException}.
 *
 * <pre>{@code
 * try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
 *     SSLSocket tls = (SSLSocket) factory.createSocket(tunnel.asSocket(), "example.com", 443, true);
 * }
 * }</pre>
 */
public final class TcpTunnel implements AutoCloseable {
    private final Target target;
    private final HttpStream stream;
    private final TcpBridge bridge;
    private final HeaderFields responseFields;
    private final TunnelInput input;
    private final TunnelOutput output;
    private final AtomicReference<@Nullable TunnelSocket> socket = new AtomicReference<>();

    private volatile Duration readTimeout = Duration.ZERO;

    TcpTunnel(Target target, HttpStream stream, TcpBridge bridge, HeaderFields responseFields) {
        this.target = target;
        this.stream = stream;
        this.bridge = bridge;
        this.responseFields = responseFields;
        this.input = new TunnelInput(this, bridge);
        this.output = new TunnelOutput(this, bridge);
    }

    /**
     * Where it leads.
     *
     * @return the target as it was asked for
     */
    public Target target() {
        return target;
    }

    /**
     * What carries it.
     *
     * @return the version of HTTP
     */
    public HttpVersion version() {
        return stream.session().info().version();
    }

    /**
     * What the proxy said when it accepted the tunnel.
     *
     * @return the fields of its response, such as {@code Server-Timing} and {@code Proxy-Status}
     */
    public HeaderFields responseFields() {
        return responseFields;
    }

    /**
     * What the target sends.
     *
     * @return always the same stream; closing it closes the tunnel
     */
    public InputStream inputStream() {
        return input;
    }

    /**
     * Sends to the target. Every write goes out at once: wrap it in a {@link java.io.BufferedOutputStream} for small ones.
     *
     * @return always the same stream; closing it closes the tunnel
     */
    public OutputStream outputStream() {
        return output;
    }

    /** Tells the target that no more data comes (FIN); reading goes on. No effect the second time. */
    public void shutdownOutput() {
        bridge.shutdownOutput();
    }

    /**
     * Limits how long a read waits; then it fails with {@link java.net.SocketTimeoutException}, and the tunnel goes on.
     *
     * @param timeout for each read from now on; zero waits for ever
     * @throws IllegalArgumentException if it is negative
     */
    public void readTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is negative");
        }
        readTimeout = timeout;
    }

    Duration readTimeout() {
        return readTimeout;
    }

    /** Ends both directions at once, and drops what was not sent: the target sees a reset. No effect on a closed tunnel. */
    public void reset() {
        bridge.close(true);
    }

    /**
     * The tunnel as a connected socket, for code that wants one: {@code SSLSocketFactory.createSocket(Socket, ...)}, database
     * drivers, mail. Options that mean nothing in a tunnel are taken and kept. Has no channel.
     *
     * @return always the same socket; closing it closes the tunnel
     */
    public Socket asSocket() {
        TunnelSocket made = socket.get();
        if (made != null) {
            return made;
        }
        TunnelSocket fresh =
                TunnelSocket.of(this, bridge, stream.session().info().localAddress());
        TunnelSocket other = socket.compareAndExchange(null, fresh);
        return other == null ? fresh : other;
    }

    /**
     * Whether {@link #close()} or {@link #reset()} was called.
     *
     * @return true afterwards, even while what was written is still on its way
     */
    public boolean isClosed() {
        return bridge.isClosing();
    }

    /**
     * Ends the tunnel as a TCP socket does: what was written still goes out, and the target sees the end; if data came that
     * was not read, it is a reset. Does not wait. No effect the second time.
     */
    @Override
    public void close() {
        bridge.close(false);
    }
}
