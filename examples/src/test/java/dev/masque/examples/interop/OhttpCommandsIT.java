package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.RequestHead;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of Oblivious HTTP as processes of their own, and curl as the one that talks to them. */
class OhttpCommandsIT extends Interop {
    private Peer gateway;
    private Peer relay;
    private String origin;

    @SuppressWarnings("NullAway.Init") // start()
    OhttpCommandsIT() {}

    @BeforeAll
    void start() {
        origin = URI.create(origins.site("")).toString();
        gateway = Peer.start(Peers.masque(
                "ohttp",
                "gateway",
                "--listen",
                "127.0.0.1:0",
                "--cert",
                authority.certificate(),
                "--key",
                authority.key(),
                "--keys-dir",
                folder.resolve("keys").toString(),
                "--target",
                origin,
                "--target-ca",
                authority.authority(),
                "--key-type",
                "X25519,X_WING"));
        relay = startRelay("relay", gateway.port());
    }

    private Peer startRelay(String name, int gatewayPort) {
        return Peer.start(Peers.masque(
                "ohttp",
                "relay",
                "--listen",
                "127.0.0.1:0",
                "--self-signed",
                folder.resolve(name).toString(),
                "--gateway",
                "https://localhost:" + gatewayPort + "/gateway",
                "--ca",
                authority.authority()));
    }

    @AfterAll
    void stop() {
        for (Peer peer : new Peer[] {relay, gateway}) {
            if (peer != null) {
                peer.close();
            }
        }
    }

    @Test
    void theySayWhereTheyServe() {
        gateway.awaitSaid("keys       https://127.0.0.1:" + gateway.port() + "/ohttp-keys");
        gateway.awaitSaid("gateway    https://127.0.0.1:" + gateway.port() + "/gateway");
        gateway.awaitSaid("http/1.1,h2,h3");
        relay.awaitSaid("relay      https://127.0.0.1:" + relay.port() + "/relay");
    }

    @Test
    void theKeysAreForTheirOwnerAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(folder.resolve("keys/ohttp-keys")))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--chunked"})
    void aPageComesThroughRelayAndGateway(String form) throws Exception {
        assertThat(get(relay.port(), form, origins.site("/")).ok().output()).isEqualTo(Origins.PAGE);
        assertThat(get(relay.port(), form, "-d", "12345", "-i", origins.site("/"))
                        .ok()
                        .output())
                .startsWith("status: 200\n")
                .endsWith("\n\n5");
        assertThat(get(relay.port(), form, origins.site("/3000000")).ok().bytes())
                .hasSize(3_000_000);
    }

    @Test
    void aFailureSaysWhose() throws Exception {
        int nobody = Relay.freePort();
        assertFailure(get(relay.port(), "", "https://elsewhere.example/"), "gateway: ", "403");
        assertFailure(get(relay.port(), "", origins.site("/nonsense")), "gateway: ", "502");
        try (Peer lost = startRelay("lost", nobody)) {
            assertFailure(get(nobody, "", origins.site("/")), "relay: ");
            assertFailure(get(lost.port(), "", origins.site("/")), "relay: ", "502 (connection_refused)");
        }
        Peer.Result noKeys = Peer.run(Peers.masque(
                "ohttp",
                "get",
                "--relay",
                "https://localhost:" + relay.port() + "/relay",
                "--keys",
                "https://localhost:" + gateway.port() + "/nonsense",
                "--ca",
                trusted("relay"),
                origins.site("/")));
        assertFailure(noKeys, "keys of the gateway: ", "404");
    }

    private static void assertFailure(Peer.Result result, String... parts) {
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors().strip())
                .startsWith("masque ohttp get: ")
                .contains(parts)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void curlFetchesTheKeys(String version) throws Exception {
        Peer.Result head = curl(version, authority.authority(), "-i", gatewayUri("/ohttp-keys"));
        Peer.Result keys = curl(version, authority.authority(), gatewayUri("/ohttp-keys"));
        Peer.Result known = curl(version, authority.authority(), gatewayUri("/.well-known/ohttp-gateway"));

        assertThat(head.ok().output())
                .containsIgnoringCase("content-type: application/ohttp-keys")
                .containsIgnoringCase("cache-control: public, max-age=3600");
        assertThat(known.ok().bytes()).isEqualTo(keys.ok().bytes());
        assertThat(KeyConfig.parseList(ByteBuffer.wrap(keys.bytes()))).allMatch(KeyConfig::isUsable);
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, /relay", "--http2, /relay", "--http2, /.well-known/ohttp-gateway"})
    void curlPostsACapturedRequest(String version, String path) throws Exception {
        boolean straight = path.startsWith("/.well-known");
        ClientExchange exchange = ClientExchange.start(key());
        Path captured = Files.write(folder.resolve("captured"), sealed(exchange));
        String[] post = {
            "-H",
            "Content-Type: message/ohttp-req",
            "--data-binary",
            "@" + captured,
            straight ? gatewayUri(path) : "https://localhost:" + relay.port() + path
        };
        Peer.Result answer = curl(version, trusted("relay"), post).ok();
        Peer.Result again = curl(version, trusted("relay"), post).ok();

        assertThat(open(exchange, answer).head().status()).isEqualTo(200);
        assertThat(StandardCharsets.UTF_8
                        .decode(open(exchange, answer).content())
                        .toString())
                .isEqualTo(Origins.PAGE);
        assertThat(open(exchange, again).head().status()).as("a replay").isEqualTo(400);
    }

    @Test
    void aRequestForAKeyThatIsGoneIsRefusedWithAProblem() throws Exception {
        byte[] request = sealed(ClientExchange.start(key()));
        request[0] ^= 0x55;
        Path captured = Files.write(folder.resolve("stale"), request);

        Peer.Result answer = curl(
                "--http2",
                trusted("relay"),
                "-i",
                "-H",
                "Content-Type: message/ohttp-req",
                "--data-binary",
                "@" + captured,
                "https://localhost:" + relay.port() + "/relay");

        assertThat(answer.ok().output())
                .contains("HTTP/2 422")
                .contains("application/problem+json")
                .contains("http-problem-types#ohttp-key")
                .contains("proxy-status: ohttp-relay; received-status=422");
    }

    private KeyConfig key() throws Exception {
        byte[] list = curl("--http2", authority.authority(), gatewayUri("/ohttp-keys"))
                .ok()
                .bytes();
        return KeyConfig.parseList(ByteBuffer.wrap(list)).get(0);
    }

    private byte[] sealed(ClientExchange exchange) throws Exception {
        URI page = URI.create(origins.site("/"));
        RequestHead head = new RequestHead("GET", "https", page.getAuthority(), "/", Fields.empty());
        ByteBuffer request =
                exchange.seal(BinaryRequest.of(head, ByteBuffer.allocate(0)).encode(Framing.KNOWN_LENGTH));
        byte[] bytes = new byte[request.remaining()];
        request.get(bytes);
        return bytes;
    }

    private static BinaryResponse open(ClientExchange exchange, Peer.Result answer) throws Exception {
        return BinaryResponse.decode(exchange.open(ByteBuffer.wrap(answer.bytes())), BinaryHttpLimits.DEFAULT);
    }

    private String gatewayUri(String path) {
        return "https://localhost:" + gateway.port() + path;
    }

    /** Both authorities in one file. */
    private String trusted(String name) throws Exception {
        Path both = folder.resolve("both-" + name + ".pem");
        return Files.writeString(
                        both,
                        Files.readString(folder.resolve(name).resolve("ca.pem"))
                                + Files.readString(Path.of(authority.authority())))
                .toString();
    }

    private Peer.Result get(int relayPort, String form, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "ohttp",
                "get",
                "--relay",
                "https://localhost:" + relayPort + "/relay",
                "--keys",
                gatewayUri(""),
                "--ca",
                trusted(relayPort == relay.port() ? "relay" : "lost")));
        if (!form.isEmpty()) {
            arguments.add(form);
        }
        arguments.addAll(List.of(more));
        return Peer.run(Peers.masque(arguments.toArray(String[]::new)));
    }

    private static Peer.Result curl(String version, String authority, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Peers.curl(), "-sS", "--max-time", "60", version, "--cacert", authority));
        command.addAll(List.of(arguments));
        return Peer.run(command);
    }
}
