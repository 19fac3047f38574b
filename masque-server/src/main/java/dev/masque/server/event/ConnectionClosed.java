package dev.masque.server.event;

import dev.masque.core.HttpVersion;
import java.time.Duration;

/**
 * A client's connection is over. Immutable.
 *
 * @param connection the number of the connection
 * @param version the version of HTTP
 * @param duration how long it was open
 * @param clean false if it broke
 */
public record ConnectionClosed(long connection, HttpVersion version, Duration duration, boolean clean) {}
