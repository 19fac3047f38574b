package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.RawKeysException;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Optional;
import java.util.Set;

/** Makes transports for HTTP/3 on kwik, in pure Java. Thread-safe. RFC 9114. */
public final class KwikTransportProvider implements TransportProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public KwikTransportProvider() {}

    @Override
    public String name() {
        return KwikTransport.NAME;
    }

    @Override
    public Set<HttpVersion> versions() {
        return Set.of(HttpVersion.HTTP_3);
    }

    @Override
    public Optional<String> unavailable() {
        return ModulePath.complaint();
    }

    @Override
    public boolean asksForCertificates() {
        return false; // agent15 cannot
    }

    @Override
    public Optional<String> withoutRawKeys() {
        return Optional.of(RawKeysException.onQuic().reason());
    }

    @Override
    public Transport create() {
        ModulePath.complaint().ifPresent(complaint -> {
            throw new IllegalStateException(complaint);
        });
        return new KwikTransport();
    }
}
