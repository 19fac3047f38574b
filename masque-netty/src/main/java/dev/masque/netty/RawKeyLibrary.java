package dev.masque.netty;

import dev.masque.core.RawKeysException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of Bouncy Castle that speaks TLS with raw public keys, where the application has put it on the class path: whether it is
 * there, without touching a class of it. Stateless.
 */
final class RawKeyLibrary {
    private static final String CLASS = "org.bouncycastle.tls.TlsServerProtocol";

    private RawKeyLibrary() {}

    /** Why there is none. */
    static Optional<String> unavailable() {
        return unavailable(RawKeyLibrary.class.getClassLoader());
    }

    static Optional<String> unavailable(ClassLoader loader) {
        try {
            Class.forName(CLASS, false, loader);
            return Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of("raw public keys need org.bouncycastle:bctls-jdk18on on the class path");
        }
    }

    /** Null if there is nothing to complain of. */
    static @Nullable RawKeysException complaint(@Nullable Object keys) {
        return keys == null ? null : unavailable().map(RawKeysException::new).orElse(null);
    }
}
