package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl and quic-go show a certificate to our proxy, over HTTP/1.1, HTTP/2 and HTTP/3, and are turned away without one. */
class ClientCertificateIT extends Interop {
    private static final String HTTP_1 = "HTTP/1.1";
    private static final String HTTP_2 = "--proxy-http2";

    private TestAuthority clients;
    private TestAuthority strangers;
    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    ClientCertificateIT() {}

    @BeforeAll
    void start() throws Exception {
        Peers.quicGo();
        clients = TestAuthority.create(Files.createDirectory(folder.resolve("clients")));
        strangers = TestAuthority.create(Files.createDirectory(folder.resolve("strangers")));
        proxy = OurProxy.startForCertificates(authority, clients);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void curlGetsThroughWithACertificate(String version) {
        assertThat(curl(version, clients).ok().output()).isEqualTo(Origins.PAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void curlIsTurnedAwayWithoutOne(String version) {
        assertThat(curl(version, null).status()).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void curlIsTurnedAwayWithOneOfAnotherAuthority(String version) {
        assertThat(curl(version, strangers).status()).isNotZero();
    }

    @Test
    void quicGoGetsThroughWithACertificate() {
        byte[] bytes = new byte[100_000];
        Peer.Result result = Peer.run(quicGo(clients), bytes).ok();
        assertThat(result.bytes()).isEqualTo(bytes);
    }

    @Test
    void quicGoIsTurnedAwayWithoutOne() {
        Peer.Result result = Peer.run(quicGo(null));
        assertThat(result.status()).isNotZero();
        assertThat(result.errors()).contains("certificate required");
    }

    @Test
    void quicGoIsTurnedAwayWithOneOfAnotherAuthority() {
        Peer.Result result = Peer.run(quicGo(strangers));
        assertThat(result.status()).isNotZero();
        assertThat(result.errors())
                .containsAnyOf("bad certificate", "certificate required"); // Go shows none that nobody knows
    }

    private Peer.Result curl(String version, @Nullable TestAuthority client) {
        List<String> command = new ArrayList<>(List.of(Peers.curl(), "-sS", "--max-time", "60"));
        command.addAll(List.of("-x", "https://" + proxy.address(), "--proxy-cacert", authority.authority()));
        command.addAll(List.of("--cacert", authority.authority()));
        if (client != null) {
            command.addAll(List.of("--proxy-cert", client.certificate(), "--proxy-key", client.key()));
        }
        if (version.equals(HTTP_2)) {
            command.add(version);
        }
        command.add(origins.site("/"));
        return Peer.run(command);
    }

    private List<String> quicGo(@Nullable TestAuthority client) {
        List<String> arguments =
                new ArrayList<>(List.of("connect", "-proxy", proxy.address(), "-ca", authority.authority()));
        if (client != null) {
            arguments.addAll(List.of("-cert", client.certificate(), "-key", client.key()));
        }
        arguments.add(origins.tcpEcho());
        return Peers.quicGo(arguments.toArray(String[]::new));
    }
}
