package dev.masque.ohttp.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.exchange.Site;
import dev.masque.ohttp.exchange.TestClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a gateway says, to good requests and bad ones, under encapsulation and not: its private keys are not in it. */
@Timeout(120)
class PrivateKeyIT {
    @TempDir
    private Path folder;

    @Test
    void noMessageHasAPrivateKey() throws Exception {
        Path store = folder.resolve("keys");
        KeyRing ring = KeyRing.builder()
                .types(KeyType.X25519, KeyType.P256, KeyType.X_WING)
                .store(store)
                .build();
        List<GatewayEvent> events = new CopyOnWriteArrayList<>();
        List<String> said = new ArrayList<>();
        try (Site site = new Site();
                OhttpGateway gateway = OhttpGateway.builder()
                        .keys(ring)
                        .allow(URI.create("https://app.example"))
                        .handler(exchange -> {
                            exchange.sendResponseHeaders(200, -1);
                            exchange.close();
                        })
                        .listener(events::add)
                        .build()) {
            site.at("/gateway", gateway.requestHandler()).at("/ohttp-keys", gateway.keysHandler());
            say(
                    said,
                    TestClient.HTTP.send(
                            HttpRequest.newBuilder(site.uri("/ohttp-keys")).build(), BodyHandlers.ofByteArray()));
            SplittableRandom random = new SplittableRandom(6);
            for (KeyConfig config : KeyConfig.parseList(ring.published())) {
                for (int i = 0; i < 40; i++) {
                    String page = i % 2 == 0 ? "https://app.example/" : "https://elsewhere.example/";
                    ClientExchange exchange = ClientExchange.start(config);
                    ByteBuffer sealed = exchange.seal(TestClient.get(page).encode(Framing.KNOWN_LENGTH));
                    byte[] bytes = new byte[sealed.remaining() - (i % 4 == 3 ? random.nextInt(sealed.remaining()) : 0)];
                    sealed.get(bytes);
                    if (i % 4 == 2) {
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                    HttpResponse<byte[]> answer =
                            TestClient.post(site.uri("/gateway"), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(bytes));
                    say(said, answer);
                    if (i % 4 < 2) {
                        byte[] plain = new byte[answer.body().length];
                        ByteBuffer opened = exchange.open(ByteBuffer.wrap(answer.body()));
                        opened.get(plain, 0, opened.remaining());
                        said.add(new String(plain, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        said.add(events.toString());
        said.add(ring + " " + ring.accepted());

        List<KeptKey> keys = new KeyStore(store).load();
        assertThat(keys).hasSize(3);
        for (KeptKey key : keys) {
            said.add(key + " " + key.key());
            byte[] secret = new byte[key.key().exportPrivateKey().remaining()];
            key.key().exportPrivateKey().get(secret);
            assertThat(said)
                    .hasSizeGreaterThan(180)
                    .noneMatch(text -> text.contains(new String(secret, StandardCharsets.ISO_8859_1))
                            || text.toLowerCase(java.util.Locale.ROOT)
                                    .contains(HexFormat.of().formatHex(secret))
                            || text.contains(
                                    Base64.getEncoder().encodeToString(secret).substring(0, 20)));
        }
    }

    private static void say(List<String> said, HttpResponse<byte[]> answer) {
        said.add(answer.headers().toString());
        said.add(new String(answer.body(), StandardCharsets.ISO_8859_1));
    }
}
