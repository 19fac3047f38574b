package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GnuTLS and we know each other by raw public keys (RFC 7250), it as the client of our proxy, and as the server of our client. */
class GnuTlsIT extends Interop {
    private static final String PRIORITY = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CTYPE-ALL:+CTYPE-SRV-RAWPK:+CTYPE-CLI-RAWPK";
    private static final String ED25519 = "ed25519";
    private static final String P256 = "p256";
    private static final String STRANGER = "stranger";

    @SuppressWarnings("NullAway.Init") // keys()
    GnuTlsIT() {}

    @BeforeAll
    void keys() throws Exception {
        RawKeyFiles.ed25519(key(ED25519));
        RawKeyFiles.p256(key(P256));
        RawKeyFiles.ed25519(key(STRANGER));
    }

    private Path key(String name) {
        return folder.resolve(name + ".key");
    }

    private RawKey rawKey(String name) throws Exception {
        return RawKey.fromPem(key(name));
    }

    private RawKeyPins pins(String... names) throws Exception {
        List<String> pins = new ArrayList<>();
        for (String name : names) {
            pins.add(rawKey(name).pin().toString());
        }
        return RawKeyPins.of(pins.toArray(new String[0]));
    }

    private MasqueServer proxy(String key, String... clients) throws Exception {
        RawKeyPins known = pins(clients);
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .versions(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                .rawKey(rawKey(key))
                .requireClientRawKeys(known)
                .authenticate(Authenticators.clientRawKey(known))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .start();
    }

    /** A tunnel to the echo, and a word through it. */
    private Peer.Result gnutls(MasqueServer proxy, @Nullable String key, String word) {
        List<String> command = new ArrayList<>(List.of(Peers.program("gnutls-cli", "gnutls-bin"), "--insecure"));
        command.addAll(List.of("--priority", PRIORITY, "--alpn", "http/1.1", "--inline-commands"));
        if (key != null) {
            command.addAll(List.of("--rawpkkeyfile", key(key).toString()));
            command.addAll(List.of("--rawpkfile", RawKeyFiles.publicOf(key(key))));
        }
        command.addAll(List.of("-p", Integer.toString(proxy.port()), "localhost"));
        String request = "CONNECT " + origins.tcpEcho() + " HTTP/1.1\r\nhost: " + origins.tcpEcho() + "\r\n\r\n";
        return Peer.run(command, (request + word).getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest(name = "server {0}, client {1}")
    @CsvSource({"ed25519,p256", "p256,ed25519", "ed25519,ed25519"})
    void itGoesThroughOurProxy(String server, String client) throws Exception {
        try (MasqueServer proxy = proxy(server, client)) {
            assertThat(gnutls(proxy, client, "hello through the tunnel\n").output())
                    .contains("Raw Public Key", "HTTP/1.1 200", "hello through the tunnel");
        }
    }

    @Test
    void itChangesItsKeyWhileTheProxyKnowsBoth() throws Exception {
        try (MasqueServer proxy = proxy(ED25519, ED25519, P256)) {
            assertThat(gnutls(proxy, ED25519, "old\n").output()).contains("HTTP/1.1 200");
            assertThat(gnutls(proxy, P256, "new\n").output()).contains("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {STRANGER, ""})
    void itIsTurnedAwayWithAnotherKeyAndWithNone(String shown) throws Exception {
        try (MasqueServer proxy = proxy(ED25519, P256)) {
            Peer.Result result = gnutls(proxy, shown.isEmpty() ? null : shown, "hello\n");
            assertThat(result.output() + result.errors()).doesNotContain("HTTP/1.1 200");
        }
    }

    private Peer server(String key, int port, boolean asks) {
        List<String> command = new ArrayList<>(List.of(Peers.program("gnutls-serv", "gnutls-bin"), "--http"));
        command.addAll(List.of("--port", Integer.toString(port), "--priority", PRIORITY, "--alpn", "http/1.1"));
        command.addAll(List.of("--rawpkkeyfile", key(key).toString()));
        command.addAll(List.of("--rawpkfile", RawKeyFiles.publicOf(key(key))));
        command.add(asks ? "--require-client-cert" : "--disable-client-cert");
        return Peer.start(command, port);
    }

    private HttpSession connect(Transport transport, int port, RawKeyClient keys) throws Exception {
        ConnectOptions options = new ConnectOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        "localhost",
                        List.of(HttpVersion.HTTP_1_1),
                        PeerTrust.system().manager(),
                        Duration.ofSeconds(20),
                        SessionLimits.defaults())
                .withRawKeys(keys);
        return transport
                .connect(options, stream -> {
                    throw new AssertionError("a request from a server");
                })
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static Transport transport() {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.versions().contains(HttpVersion.HTTP_1_1))
                .findFirst()
                .orElseThrow()
                .create();
    }

    @ParameterizedTest(name = "server {0}, client {1}")
    @CsvSource({"ed25519,p256", "p256,ed25519"})
    void ourClientIsKnownToItAndKnowsIt(String server, String client) throws Exception {
        int port = Relay.freePort();
        try (Peer peer = server(server, port, true);
                Transport transport = transport()) {
            HttpSession session = connect(transport, port, new RawKeyClient(pins(server), rawKey(client)));
            assertThat(session.info().peerKey()).isEqualTo(rawKey(server).pin());
            Answer answer = new Answer();
            session.open(Answer.REQUEST, stream -> {
                        stream.resume();
                        return answer;
                    })
                    .end();
            assertThat(answer.status().get(30, TimeUnit.SECONDS)).isEqualTo(200);
            peer.awaitSaid("Got 1 Raw public-key(s)");
        }
    }

    @Test
    void ourClientDoesNotTakeAnotherKey() throws Exception {
        int port = Relay.freePort();
        try (Peer peer = server(ED25519, port, false);
                Transport transport = transport()) {
            assertThatThrownBy(() -> connect(transport, port, new RawKeyClient(pins(STRANGER), null)))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            NextHopException.class,
                            failure -> assertThat(failure.type()).isEqualTo(ProxyErrorType.TLS_CERTIFICATE_ERROR));
            assertThat(connect(transport, port, new RawKeyClient(pins(STRANGER, ED25519), null))
                            .info()
                            .peerKey())
                    .as(peer::said)
                    .isEqualTo(rawKey(ED25519).pin());
        }
    }
}
