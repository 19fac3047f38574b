package dev.masque.client;

import dev.masque.client.fake.FakeProxy;
import dev.masque.core.HttpVersion;
import dev.masque.core.spi.TransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;

/** Clients for tests. */
final class Clients {
    private Clients() {}

    static FakeProxy http2() {
        return new FakeProxy(HttpVersion.HTTP_2);
    }

    /** The versions for which there is a transport here. */
    static List<HttpVersion> transported() {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.unavailable().isEmpty())
                .flatMap(provider -> provider.versions().stream())
                .distinct()
                .sorted()
                .toList();
    }

    static MasqueClientBuilder to(FakeProxy... proxies) {
        return MasqueClient.builder()
                .proxy("https://192.0.2.1")
                .transports(proxies)
                .connectTimeout(Duration.ofSeconds(10))
                .requestTimeout(Duration.ofSeconds(10));
    }
}
