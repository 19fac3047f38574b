package dev.masque.client;

import java.net.InetSocketAddress;

/**
 * A local port that leads through tunnels to one target. Thread-safe. Open to whoever can reach the port.
 *
 * <pre>{@code
 * try (Forwarding database = client.forwardTcp(0, Target.of("db.example", 5432))) {
 *     connect(database.localAddress());
 * }
 * }</pre>
 */
public sealed interface Forwarding extends AutoCloseable permits TcpForwarding, UdpForwarding {
    /**
     * Where it listens.
     *
     * @return the bound address
     */
    InetSocketAddress localAddress();

    /** Closes the port and everything that goes through it. No effect the second time. */
    @Override
    void close();
}
