package dev.masque.client.event;

import dev.masque.core.HttpVersion;
import java.time.Duration;

/**
 * A tunnel stands. Immutable.
 *
 * @param kind what it carries
 * @param version the version of HTTP that carries it
 * @param setup from the call to the proxy's answer, a new session included
 */
public record TunnelOpened(TunnelKind kind, HttpVersion version, Duration setup) {}
