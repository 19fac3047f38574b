package dev.masque.client;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A UDP socket of the proxy, connected to a target: RFC 9298. Thread-safe. As unreliable as UDP: datagrams may be lost,
 * doubled, or change their order.
 *
 * <pre>{@code
 * try (UdpTunnel dns = client.openUdp("dns.example", 53)) {
 *     dns.send(query);
 *     Optional<ByteBuffer> answer = dns.receive(Duration.ofSeconds(2));
 * }
 * }</pre>
 */
public final class UdpTunnel implements AutoCloseable {
    private final Target target;
    private final HttpStream stream;
    private final UdpBridge bridge;
    private final HeaderFields responseFields;

    UdpTunnel(Target target, HttpStream stream, UdpBridge bridge, HeaderFields responseFields) {
        this.target = target;
        this.stream = stream;
        this.bridge = bridge;
        this.responseFields = responseFields;
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
     * Sends a datagram. Does not block.
     *
     * @param payload from position to limit, may be empty; copied before this returns
     * @return false if it was dropped here and now: larger than {@link #maxPayload()}, or too much is queued
     * @throws IllegalArgumentException if it has more than 65,527 bytes
     * @throws IOException if the tunnel is closed or broken
     */
    public boolean send(ByteBuffer payload) throws IOException {
        return bridge.send(payload);
    }

    /**
     * Sends a datagram. Does not block.
     *
     * @param payload the whole payload
     * @return false if it was dropped here and now, see {@link #send(ByteBuffer)}
     * @throws IllegalArgumentException if it has more than 65,527 bytes
     * @throws IOException if the tunnel is closed or broken
     */
    public boolean send(byte[] payload) throws IOException {
        return bridge.send(ByteBuffer.wrap(payload));
    }

    /**
     * Waits for a datagram. A bounded number waits for this call; then the oldest are dropped.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the payload, the caller's own; empty if none came in time
     * @throws java.io.InterruptedIOException if the thread is interrupted
     * @throws IOException if the tunnel is closed, or over and all datagrams are received
     * @throws IllegalStateException if a listener takes the datagrams
     */
    public Optional<ByteBuffer> receive(Duration timeout) throws IOException {
        return bridge.receive(timeout);
    }

    /**
     * Hands datagrams to a listener, those that wait already first. {@link #receive} is over then.
     *
     * @param listener takes them from now on
     */
    public void listen(DatagramListener listener) {
        bridge.listen(listener);
    }

    /**
     * The largest payload that goes through now: changes with what is known of the path.
     *
     * @return bytes; 0 after the end
     */
    public int maxPayload() {
        return bridge.maxPayload();
    }

    /**
     * How many datagrams were dropped on this side because nobody received them.
     *
     * @return a number that only grows
     */
    public long dropped() {
        return bridge.dropped();
    }

    /**
     * The tunnel as a connected socket, for code that wants one. It receives from the target alone; what it sends elsewhere
     * is refused.
     *
     * @return a new view; closing it closes the tunnel
     */
    public DatagramSocket asDatagramSocket() {
        return new TunnelDatagramSocket(this, bridge, stream.session().info().localAddress());
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true afterwards
     */
    public boolean isClosed() {
        return bridge.isClosing();
    }

    /** Ends the tunnel, and with it the proxy's socket. Does not wait. No effect the second time. */
    @Override
    public void close() {
        bridge.close(false);
    }
}
