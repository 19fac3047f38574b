package dev.masque.client.event;

import dev.masque.core.HttpVersion;
import java.time.Duration;

/**
 * A session to the proxy stands. Immutable.
 *
 * @param version the version of HTTP
 * @param transport the name of the transport
 * @param handshake how long connecting and the handshakes took
 * @param hop which proxy it is to, 1 for the first
 */
public record SessionOpened(HttpVersion version, String transport, Duration handshake, int hop) {
    /**
     * To the first proxy.
     *
     * @param version the version of HTTP
     * @param transport the name of the transport
     * @param handshake how long connecting and the handshakes took
     */
    public SessionOpened(HttpVersion version, String transport, Duration handshake) {
        this(version, transport, handshake, 1);
    }
}
