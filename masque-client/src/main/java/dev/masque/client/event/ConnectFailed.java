package dev.masque.client.event;

import dev.masque.core.ProxyErrorType;
import java.util.Optional;

/**
 * No session to the proxy could be made. Immutable.
 *
 * @param error the reason, if RFC 9209 has a name for it
 * @param inARow how many attempts have failed since the last that did not, this one included
 * @param hop which proxy it is to, 1 for the first
 */
public record ConnectFailed(Optional<ProxyErrorType> error, int inARow, int hop) {
    /**
     * To the first proxy.
     *
     * @param error the reason, if RFC 9209 has a name for it
     * @param inARow how many attempts have failed since the last that did not, this one included
     */
    public ConnectFailed(Optional<ProxyErrorType> error, int inARow) {
        this(error, inARow, 1);
    }
}
