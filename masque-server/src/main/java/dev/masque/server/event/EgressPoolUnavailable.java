package dev.masque.server.event;

import dev.masque.core.ProxyErrorType;
import java.time.Duration;

/**
 * An address of an egress pool could not be used, and the pool is out for a while. Immutable.
 *
 * @param pool its prefix
 * @param type what is wrong, {@code source_addr_not_available}
 * @param pause for how long it is out
 */
public record EgressPoolUnavailable(String pool, ProxyErrorType type, Duration pause) {}
