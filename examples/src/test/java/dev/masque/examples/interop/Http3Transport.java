package dev.masque.examples.interop;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.TransportProvider;
import java.util.ServiceLoader;

/** The transports of the class path, with one for HTTP/3: the build runs the tests once with each. */
final class Http3Transport {
    private static final String NAME = System.getProperty("masque.test.http3", "quiche");

    private Http3Transport() {}

    static String name() {
        return NAME;
    }

    static TransportProvider[] chosen() {
        return with(NAME);
    }

    /** Those with the one of a name for HTTP/3. */
    static TransportProvider[] with(String name) {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> !provider.versions().contains(HttpVersion.HTTP_3)
                        || provider.name().equals(name))
                .toArray(TransportProvider[]::new);
    }
}
