package dev.masque.client;

import dev.masque.client.fake.FakeProxy;
import dev.masque.core.HttpVersion;
import java.time.Duration;

/** Clients for tests. */
final class Clients {
    private Clients() {}

    static FakeProxy http2() {
        return new FakeProxy(HttpVersion.HTTP_2);
    }

    static MasqueClientBuilder to(FakeProxy... proxies) {
        return MasqueClient.builder()
                .proxy("https://192.0.2.1")
                .transports(proxies)
                .connectTimeout(Duration.ofSeconds(10))
                .requestTimeout(Duration.ofSeconds(10));
    }
}
