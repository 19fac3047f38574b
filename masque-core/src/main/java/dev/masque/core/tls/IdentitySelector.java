package dev.masque.core.tls;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chooses what a server shows to a client, by the name in the client's SNI (RFC 6066, 3). Thread-safe. */
@FunctionalInterface
public interface IdentitySelector {
    /**
     * Chooses. Called for every new connection, so that certificates can change while running; must not block.
     *
     * @param serverName the name that the client asks for, lower case; null if it names none, or the transport cannot tell
     * @return what to show
     */
    TlsIdentity select(@Nullable String serverName);

    /**
     * The same for every name.
     *
     * @param identity called for every new connection; must not block
     * @return a selector
     */
    static IdentitySelector always(Supplier<TlsIdentity> identity) {
        return serverName -> identity.get();
    }
}
