package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.contract.TestPki;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.geohash.GeoKeySet;
import dev.masque.geohash.GeoSigningKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code masque proxy} follows its files while it runs. */
class ReloadIT extends Interop {
    private static final Path PLACES = Path.of("..", "geohash-maxmind", "src", "test", "resources", "vectors");

    private static List<String> masque(String line) {
        return Peers.masque(line.split(" +"));
    }

    private String own() {
        return " --cert " + authority.certificate() + " --key " + authority.key();
    }

    @Test
    void poolsKeysPlacesAndCertificate() throws Exception {
        GeoSigningKey key = GeoSigningKey.generate();
        GeoSigningKey next = GeoSigningKey.generate();
        Path pools = Files.writeString(folder.resolve("pools.yaml"), "pools: [{prefix: 127.0.0.0/8}]");
        Path secret = Files.writeString(folder.resolve("attestation.key"), key.privatePem());
        Path trusted = Files.writeString(
                folder.resolve("first-hop.pem"),
                GeoKeySet.of(List.of(key.publicKey())).format());
        Path places = Files.copy(PLACES.resolve("GeoLite2-City-Test.mmdb"), folder.resolve("places.mmdb"));
        try (Peer proxy = Peer.start(masque("proxy --listen 127.0.0.1:0 --no-auth --http 1,2 --geofeed " + pools
                + " --attested-by " + trusted + " --known-as b.example:443 --locate " + places + " --attestation-key "
                + secret + own()))) {
            assertThat(published(proxy)).containsExactly(key.id());

            Files.writeString(pools, "pools: [{prefix: nonsense}]");
            proxy.awaitSaid("egress pools not read again: line 1: not an address or prefix");
            Files.writeString(pools, "pools: [{prefix: 127.0.0.1, country: JP}]");
            proxy.awaitSaid("egress pools read again");
            Files.writeString(secret, next.privatePem());
            proxy.awaitSaid("attestation key read again");
            Files.writeString(trusted, "nonsense");
            proxy.awaitSaid("attestation keys not read again");
            Path other = Files.copy(PLACES.resolve("GeoLite2-Country-Test.mmdb"), folder.resolve("next.mmdb"));
            Files.move(other, places, StandardCopyOption.REPLACE_EXISTING);
            proxy.awaitSaid("places read again");
            Files.writeString(Path.of(authority.certificate()), "\n", java.nio.file.StandardOpenOption.APPEND);
            proxy.awaitSaid("certificate read again");

            assertThat(published(proxy)).containsExactlyInAnyOrder(key.id(), next.id());
        }
    }

    @Test
    void aStartWhileTheKeyChangesPublishesBoth() throws Exception {
        GeoSigningKey former = GeoSigningKey.generate();
        GeoSigningKey key = GeoSigningKey.generate();
        Path before = Files.writeString(folder.resolve("former.key"), former.privatePem());
        Path secret = Files.writeString(folder.resolve("attestation.key"), key.privatePem());
        try (Peer proxy = Peer.start(masque("proxy --listen 127.0.0.1:0 --no-auth --http 1,2 --locate "
                + PLACES.resolve("GeoLite2-City-Test.mmdb") + " --attestation-key " + secret
                + " --former-attestation-key " + before + own()))) {
            assertThat(published(proxy)).containsExactlyInAnyOrder(former.id(), key.id());
        }
    }

    private List<String> published(Peer proxy) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().sslContext(authority.trusting()).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + proxy.port() + GeoKeySet.WELL_KNOWN))
                .timeout(Duration.ofSeconds(20))
                .build();
        String document =
                http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return List.copyOf(GeoKeySet.parse(document).keyIds());
    }

    private MasqueClient client(int port, TlsIdentity identity, HttpVersion version) throws IOException {
        return MasqueClient.builder()
                .proxy("https://localhost:" + port)
                .trust(PeerTrust.pem(Path.of(authority.authority())))
                .identity(identity)
                .versions(version)
                .transports(Http3Transport.with("quiche"))
                .build();
    }

    private void exchange(MasqueClient client) throws Exception {
        try (TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
            tunnel.outputStream().write(5);
            assertThat(tunnel.inputStream().read()).isEqualTo(5);
        }
    }

    private void isRefused(MasqueClient client) {
        assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> exchange(client));
    }

    @ParameterizedTest
    @EnumSource
    void certificatesAreLetInByTheirNamesUntilTheyAreRevoked(HttpVersion version) throws Exception {
        TestPki pki = new TestPki();
        TlsIdentity known = pki.issue("a.proxies.example");
        Path own = Files.createTempDirectory(folder, "clients");
        Path clients = TestPki.pem(pki.authority(), own);
        Path revoked = pki.crl(own, Instant.now().plusSeconds(3_600));
        String line = "proxy --listen 127.0.0.1:0 --http3 quiche --allow 127.0.0.1 --client-ca " + clients
                + " --client-crl " + revoked + " --client-name dns:*.proxies.example" + own();
        try (Peer proxy = Peer.start(masque(line));
                MasqueClient good = client(proxy.port(), known, version);
                MasqueClient another = client(proxy.port(), pki.issue("a.example"), version);
                MasqueClient stranger = client(proxy.port(), new TestPki().issue("a.proxies.example"), version)) {
            exchange(good);
            isRefused(another);
            isRefused(stranger);

            pki.crl(own, Instant.now().plusSeconds(3_600), known);
            proxy.awaitSaid("client authorities read again");

            isRefused(good); // although its session stands
            try (MasqueClient anew = client(proxy.port(), known, version)) {
                isRefused(anew);
            }
        }
    }

    private Peer.Result connect(Peer proxy, Path server, Path client, String options) throws Exception {
        String line = "connect --proxy https://localhost:" + proxy.port() + " --proxy-raw-key "
                + RawKey.fromPem(server).pin() + " --client-raw-key " + client + " " + options + " "
                + origins.tcpEcho();
        return Peer.run(masque(line), "through".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void rawKeysOfClients() throws Exception {
        Path server = RawKeyFiles.ed25519(folder.resolve("server.key"));
        Path old = RawKeyFiles.p256(folder.resolve("old.key"));
        Path next = RawKeyFiles.ed25519(folder.resolve("next.key"));
        Path known =
                Files.writeString(folder.resolve("clients"), RawKey.fromPem(old).pin() + " a.example\n");
        String own = "proxy --listen 127.0.0.1:0 --allow 127.0.0.1 --raw-key " + server + " --client-raw-keys " + known;
        try (Peer proxy = Peer.start(masque(own));
                Peer second = Peer.start(masque(own))) {
            assertThat(connect(proxy, server, old, "").output()).contains("through");
            assertThat(connect(proxy, server, next, "").status()).isNotZero();
            Files.writeString(known, RawKey.fromPem(next).pin() + " a.example\n");
            proxy.awaitSaid("raw keys of clients read again");
            second.awaitSaid("raw keys of clients read again");
            assertThat(connect(proxy, server, old, "").status()).isNotZero();
            String first = "--hop https://localhost:" + second.port() + " --hop-raw-key "
                    + RawKey.fromPem(server).pin() + " --hop-client-raw-key " + next;
            assertThat(connect(proxy, server, next, first).output()).contains("through");
        }
    }
}
