package dev.masque.client;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.TransportProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/** Clients for tests. */
final class Clients {
    private Clients() {}

    static ScriptedProxy http2() {
        return new ScriptedProxy(HttpVersion.HTTP_2);
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

    static MasqueClientBuilder to(ScriptedProxy... proxies) {
        return MasqueClient.builder()
                .proxy("https://192.0.2.1")
                .transports(Arrays.stream(proxies).map(proxy -> proxy.provider).toArray(TransportProvider[]::new))
                .connectTimeout(Duration.ofSeconds(10))
                .requestTimeout(Duration.ofSeconds(10));
    }
}
