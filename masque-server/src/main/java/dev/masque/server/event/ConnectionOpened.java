package dev.masque.server.event;

import dev.masque.core.HttpVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * A client connected. Immutable.
 *
 * @param connection a number for the connection, not used again in this process
 * @param version the version of HTTP
 * @param tlsProtocol {@code TLSv1.3} or {@code TLSv1.2}, if known
 * @param handshake how long the handshakes took
 */
public record ConnectionOpened(
        long connection, HttpVersion version, Optional<String> tlsProtocol, Duration handshake) {}
