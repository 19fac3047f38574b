package dev.masque.client;

import dev.masque.client.event.TunnelKind;
import dev.masque.core.Target;
import java.util.List;

/**
 * For what credentials are asked. Immutable.
 *
 * @param kind what the tunnel carries
 * @param proxy whom they are for, as the client names it
 * @param challenges what the proxy asked for when it refused the request the first time; none the first time
 */
public record CredentialsRequest(TunnelKind kind, Target proxy, List<String> challenges) {
    /** Copies the list. */
    public CredentialsRequest {
        challenges = List.copyOf(challenges);
    }
}
