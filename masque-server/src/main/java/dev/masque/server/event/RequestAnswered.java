package dev.masque.server.event;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import java.time.Duration;
import java.util.Optional;

/**
 * A request was answered. Immutable.
 *
 * @param connection the number of the connection
 * @param version the version of HTTP
 * @param tunnel what kind of tunnel it asked for; empty for an ordinary request or one that could not be understood
 * @param status the status of the response
 * @param error why it was refused; empty if it was not
 * @param proxyTime what the proxy itself took, without the next two
 * @param resolveTime how long the name took, zero if there was none
 * @param connectTime how long the connection to the target took, zero if there was none
 */
public record RequestAnswered(
        long connection,
        HttpVersion version,
        Optional<TunnelKind> tunnel,
        int status,
        Optional<ProxyErrorType> error,
        Duration proxyTime,
        Duration resolveTime,
        Duration connectTime) {}
