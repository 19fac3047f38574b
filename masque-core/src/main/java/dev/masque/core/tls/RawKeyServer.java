package dev.masque.core.tls;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * That a server is known by a raw public key (RFC 7250) to the clients that ask for one, and how it knows them. Immutable.
 *
 * @param identity asked for every new connection, so that the key can change while running; must not block
 * @param clients whose keys are accepted, null if clients are not asked for one; another key ends the handshake
 * @param required whether a client without a key is turned away in the handshake; else it is a client without one
 * @param alone whether that is all the server has: clients that take certificates only are turned away. Else they see one
 */
public record RawKeyServer(
        Supplier<RawKey> identity, @Nullable RawKeyPins clients, boolean required, boolean alone) {
    /** Checks that somebody can be let in. */
    public RawKeyServer {
        if (required && clients == null) {
            throw new IllegalArgumentException("a key is required, and none is accepted");
        }
    }
}
