package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.RawKeysException;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Optional;
import java.util.Set;

/**
 * Makes transports for HTTP/3 on quiche, where {@code netty-codec-native-quic} for this platform is present: then it is
 * preferred to one in pure Java. Thread-safe. RFC 9114.
 */
public final class QuicheTransportProvider implements TransportProvider {
    private static final String CODEC = "io.netty.handler.codec.quic.Quic";

    /** Made by {@link java.util.ServiceLoader}. */
    public QuicheTransportProvider() {}

    @Override
    public String name() {
        return "quiche";
    }

    @Override
    public Set<HttpVersion> versions() {
        return Set.of(HttpVersion.HTTP_3);
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Optional<String> unavailable() {
        try {
            Class.forName(CODEC).getMethod("ensureAvailability").invoke(null);
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("netty-codec-native-quic is not on the class path");
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.of("the native library of netty-codec-native-quic does not load on this platform");
        }
    }

    @Override
    public Optional<String> withoutRawKeys() {
        return Optional.of(RawKeysException.onQuic().reason());
    }

    @Override
    public Transport create() {
        unavailable().ifPresent(why -> {
            throw new IllegalStateException(why);
        });
        return new QuicheTransport(
                NetworkLoops.create("masque-quiche", Runtime.getRuntime().availableProcessors()));
    }
}
