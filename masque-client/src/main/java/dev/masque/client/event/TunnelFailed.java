package dev.masque.client.event;

import dev.masque.core.ProxyErrorType;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tunnel could not be opened. Immutable.
 *
 * @param kind what it should have carried
 * @param status what the proxy answered, if it did
 * @param error the reason, if RFC 9209 has a name for it
 * @param took from the call to the failure
 */
public record TunnelFailed(TunnelKind kind, OptionalInt status, Optional<ProxyErrorType> error, Duration took) {}
