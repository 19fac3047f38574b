package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OhttpClientBuilderTest {
    @Test
    void settingsThatWouldTellTheSenderAreRefused() {
        OhttpClient.Builder builder = OhttpClient.builder();
        assertThatThrownBy(() -> builder.relay(URI.create("http://relay.example/")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.keys(URI.create("http://gateway.example/")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.keys(URI.create("https:gateway")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.httpClient(HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build()))
                .hasMessageContaining("redirects");
        assertThatThrownBy(() -> builder.httpClient(HttpClient.newBuilder()
                        .cookieHandler(new CookieManager())
                        .build()))
                .hasMessageContaining("cookies");
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.padding(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("relay");
        assertThatThrownBy(() ->
                        builder.relay(URI.create("https://relay.example/")).build())
                .hasMessageContaining("keys");
        assertThatThrownBy(() -> builder.keys(ByteBuffer.allocate(0))
                        .build()
                        .send(
                                HttpRequest.newBuilder(URI.create("https://user@target.example/"))
                                        .build(),
                                BodyHandlers.discarding()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
