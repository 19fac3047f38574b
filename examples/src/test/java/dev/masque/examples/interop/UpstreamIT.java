package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.tls.PeerTrust;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoKeySet;
import dev.masque.geohash.GeoSigningKey;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.SourceQuery;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.location.AttestationKeyRing;
import dev.masque.server.location.AttestationKeys;
import dev.masque.server.location.HintTrust;
import dev.masque.server.location.LocationAttestations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proxy A takes users in and reaches every target through proxy B, to which it shows a certificate. */
class UpstreamIT extends Interop {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int BULK = 4_000_000;

    private final List<AutoCloseable> running = new ArrayList<>();
    private final BlockingQueue<SourceQuery> atB = new LinkedBlockingQueue<>();

    private TestAuthority ofA;

    @SuppressWarnings("NullAway.Init") // certificates()
    UpstreamIT() {}

    @BeforeAll
    void certificates() throws Exception {
        ofA = TestAuthority.create(Files.createDirectories(folder.resolve("a")));
    }

    @AfterEach
    void end() throws Exception {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).close();
        }
        running.clear();
        atB.clear();
    }

    private <T extends AutoCloseable> T run(T started) {
        running.add(started);
        return started;
    }

    /** B lets in who shows a certificate of A's authority. */
    private MasqueServerBuilder b() throws IOException {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .identity(authority.identity())
                .requireClientCertificates(PeerTrust.pem(Path.of(ofA.authority())))
                .authenticate(Authenticators.clientCertificate(certificate ->
                        Optional.of(certificate.getSubjectX500Principal().getName())))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .name("b-proxy")
                .transports(Http3Transport.with("quiche"));
    }

    private MasqueServerBuilder a(String proxy, HttpVersion version, boolean certificate) throws IOException {
        Hop hop = Hop.to("https://" + proxy)
                .trust(PeerTrust.pem(Path.of(authority.authority())))
                .credentials(Credentials.preshared(OurProxy.KEY))
                .versions(version);
        MasqueClient client = run(MasqueClient.builder()
                .hop(certificate ? hop.identity(ofA.identity()) : hop)
                .transports(Http3Transport.with("quiche"))
                .build());
        int colon = proxy.lastIndexOf(':');
        return MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("user", "key-of-the-user")))
                .name("a-proxy")
                .transports(Http3Transport.chosen())
                .upstream(
                        Target.of(proxy.substring(0, colon), Integer.parseInt(proxy.substring(colon + 1))),
                        client.asNetwork());
    }

    private MasqueServerBuilder a(MasqueServer b, HttpVersion version) throws IOException {
        return a("localhost:" + b.port(), version, true);
    }

    private MasqueClient user(MasqueServer a, HttpVersion version) throws IOException {
        return run(MasqueClient.builder()
                .proxy("https://localhost:" + a.port())
                .trust(PeerTrust.pem(Path.of(authority.authority())))
                .credentials(Credentials.preshared("key-of-the-user"))
                .versions(version)
                .transports(Http3Transport.chosen())
                .build());
    }

    private static void echo(TcpTunnel tunnel) throws IOException {
        byte[] sent = new byte[BULK];
        new Random(11).nextBytes(sent);
        CompletableFuture<Void> writing = ThroughPeer.inBackground(() -> {
            tunnel.outputStream().write(sent);
            tunnel.shutdownOutput();
        });
        byte[] received = tunnel.inputStream().readAllBytes();
        writing.join();
        assertThat(Arrays.mismatch(received, sent)).isNegative();
    }

    @ParameterizedTest(name = "A speaks {0} with B")
    @EnumSource
    void bytesAndDatagramsGoThroughBoth(HttpVersion version) throws Exception {
        MasqueServer b = run(b().start());
        MasqueServer a = run(a(b, version).start());
        for (HttpVersion ofUser : HttpVersion.values()) {
            MasqueClient user = user(a, ofUser);
            try (TcpTunnel tunnel = user.openTcp(Target.parse(origins.tcpEcho()))) {
                echo(tunnel);
            }
            try (UdpTunnel tunnel = user.openUdp(Target.parse(origins.udpEcho()))) {
                assertThat(echoed(tunnel, 1_000)).isTrue();
            }
        }
    }

    private static boolean echoed(UdpTunnel tunnel, int size) throws IOException {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        for (int i = 0; i < 20; i++) {
            tunnel.send(payload);
            Optional<ByteBuffer> answer = tunnel.receive(Duration.ofSeconds(1));
            if (answer.isPresent()) {
                return answer.get().equals(ByteBuffer.wrap(payload));
            }
        }
        return false;
    }

    @Test
    void namesAreResolvedByB() throws Exception {
        MasqueServer b = run(b().resolver(name -> name.equals("only.b.example")
                        ? CompletableFuture.completedFuture(List.of(LOOPBACK))
                        : CompletableFuture.failedFuture(new IOException("unknown")))
                .start());
        MasqueServer a = run(a(b, HttpVersion.HTTP_2).start());
        int port = Target.parse(origins.tcpEcho()).port();

        try (TcpTunnel tunnel = user(a, HttpVersion.HTTP_2).openTcp("only.b.example", port)) {
            tunnel.outputStream().write(7);
            assertThat(tunnel.inputStream().read()).isEqualTo(7);
        }
    }

    @ParameterizedTest(name = "A speaks {0} with B")
    @EnumSource
    void bothSayWhatBecameOfIt(HttpVersion version) throws Exception {
        MasqueServer b = run(b().start());
        MasqueServer a = run(a(b, version).start());

        assertThat(status(a, "127.0.0.1:1"))
                .startsWith("HTTP/1.1 502")
                .contains("proxy-status: b-proxy;error=connection_refused;details=\"target refused the connection\", "
                        + "a-proxy;received-status=502;details=\"next proxy refused the tunnel\"");
        assertThat(status(a, "10.1.2.3:1"))
                .startsWith("HTTP/1.1 403")
                .contains("proxy-status: b-proxy;error=destination_ip_prohibited;", ", a-proxy;received-status=403;");
        assertThat(status(a, origins.tcpEcho())).startsWith("HTTP/1.1 200").contains("proxy-status: b-proxy, a-proxy");
        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(() -> user(a, HttpVersion.HTTP_2).openTcp("127.0.0.1", 1))
                .satisfies(failure -> {
                    assertThat(failure.proxyError()).hasValue(ProxyErrorType.CONNECTION_REFUSED);
                    assertThat(failure.status()).hasValue(502);
                });
    }

    /** What A answers to a plain CONNECT, in lower-case names. */
    private String status(MasqueServer a, String target) throws Exception {
        try (Socket socket = authority.trusting().getSocketFactory().createSocket(LOOPBACK, a.port())) {
            socket.setSoTimeout(30_000);
            String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target
                    + "\r\nProxy-Authorization: Preshared key-of-the-user\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            return head.toString();
        }
    }

    @ParameterizedTest(name = "A speaks {0} with B")
    @EnumSource
    void aProxyThatIsDownIsToldInA(HttpVersion version) throws Exception {
        MasqueServer b = run(b().start());
        MasqueServer a = run(a(b, version).start());
        b.close();

        String answer = status(a, origins.tcpEcho());

        assertThat(answer).startsWith("HTTP/1.1 502").contains("proxy-status: a-proxy;error=connection_");
        assertThat(answer).doesNotContain("b-proxy");
    }

    @Test
    void aProxyThatDoesNotLetAInIsAMistakeOfA() throws Exception {
        MasqueServer b = run(MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("somebody", "another-key")))
                .responseProfile(dev.masque.server.ResponseProfile.RFC)
                .name("b-proxy")
                .start());
        MasqueServer a =
                run(a("localhost:" + b.port(), HttpVersion.HTTP_2, false).start());

        assertThat(status(a, origins.tcpEcho()))
                .startsWith("HTTP/1.1 503")
                .contains(
                        "b-proxy;error=http_request_denied",
                        ", a-proxy;error=proxy_configuration_error;received-status=407;")
                .doesNotContain("proxy-authenticate");
    }

    @Test
    void aProxyWhoseCertificateIsWantedAndNotThereIsToldAsTls() throws Exception {
        MasqueServer b = run(b().start());
        MasqueServer a =
                run(a("localhost:" + b.port(), HttpVersion.HTTP_2, false).start());

        assertThat(status(a, origins.tcpEcho()))
                .startsWith("HTTP/1.1 502")
                .contains("proxy-status: a-proxy;error=tls_");
    }

    @Test
    void thePolicyOfAHolds() throws Exception {
        MasqueServer b = run(b().start());
        MasqueServer a = run(a(b, HttpVersion.HTTP_2)
                .accessPolicy(AccessPolicy.builder()
                        .deny("closed.example")
                        .deny("127.0.0.9")
                        .build())
                .start());

        assertThat(status(a, "closed.example:443"))
                .startsWith("HTTP/1.1 403")
                .contains("proxy-status: a-proxy;error=http_request_denied")
                .doesNotContain("b-proxy");
        assertThat(status(a, "127.0.0.9:443"))
                .startsWith("HTTP/1.1 403")
                .contains("proxy-status: a-proxy;error=destination_ip_prohibited");
        assertThat(status(a, "127.0.0.1:" + a.port())).contains("a-proxy;error=proxy_loop_detected");
    }

    @ParameterizedTest(name = "A speaks {0} with B")
    @EnumSource
    void anAttestationThatBDoesNotTakeIsSaidToTheUser(HttpVersion version) throws Exception {
        GeoSigningKey key = GeoSigningKey.generate();
        MasqueServer b = run(b().sourceAddress(query -> {
                    atB.add(query);
                    return null;
                })
                .trustHints(HintTrust.builder()
                        .attestedBy(AttestationKeys.pinned(GeoKeySet.of(List.of(key.publicKey()))))
                        .audience("localhost:1")
                        .build())
                .start());
        MasqueServer a = run(a(b, version)
                .attestLocations(LocationAttestations.of(
                        AttestationKeyRing.of(key), client -> Optional.of(GeoHint.of("u0m71", "CH"))))
                .start());

        assertThat(status(a, origins.tcpEcho()))
                .startsWith("HTTP/1.1 200")
                .contains("b-proxy;details=\"geohash attestation is for another audience")
                .doesNotContain("geohash-attestation:");
        assertThat(atB.remove().hint()).isEmpty();
    }

    @Test
    void bBelievesWhatAAttests() throws Exception {
        int port = Relay.freePort();
        GeoSigningKey key = GeoSigningKey.generate();
        run(MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, port))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("a", OurProxy.KEY)))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .sourceAddress(query -> {
                    atB.add(query);
                    return null;
                })
                .trustHints(HintTrust.builder()
                        .attestedBy(AttestationKeys.pinned(GeoKeySet.of(List.of(key.publicKey()))))
                        .audience("localhost:" + port)
                        .build())
                .start());
        MasqueServer a = run(a("localhost:" + port, HttpVersion.HTTP_2, false)
                .attestLocations(LocationAttestations.of(
                        AttestationKeyRing.of(key), client -> Optional.of(GeoHint.of("u0m71", "CH"))))
                .start());

        assertThat(status(a, origins.tcpEcho())).startsWith("HTTP/1.1 200");

        assertThat(atB.remove().hint()).hasValue(GeoHint.of("u0m71", "CH"));
    }

    @Test
    void bytesGoThroughAnIndependentProxyOverHttp2() throws Exception {
        try (Relay relay = Relay.start(authority, folder)) {
            MasqueServer a = run(a(relay.address(), HttpVersion.HTTP_2, false).start());
            try (TcpTunnel tunnel = user(a, HttpVersion.HTTP_2).openTcp(Target.parse(origins.tcpEcho()))) {
                tunnel.outputStream().write(new byte[] {1, 2, 3});
                assertThat(tunnel.inputStream().readNBytes(3)).containsExactly(1, 2, 3);
            }
            assertThat(status(a, "127.0.0.1:1")).startsWith("HTTP/1.1 50").contains("a-proxy;");
        }
    }

    @Test
    void bytesAndDatagramsGoThroughNode() throws Exception {
        try (Peer node = Peer.start(Peers.node(
                "node-h2-proxy.mjs",
                "--cert",
                authority.certificate(),
                "--key",
                authority.key(),
                "--psk",
                OurProxy.KEY))) {
            MasqueServer a =
                    run(a("localhost:" + node.port(), HttpVersion.HTTP_2, false).start());
            MasqueClient user = user(a, HttpVersion.HTTP_2);
            try (TcpTunnel tunnel = user.openTcp(Target.parse(origins.tcpEcho()))) {
                echo(tunnel);
            }
            try (UdpTunnel tunnel = user.openUdp(Target.parse(origins.udpEcho()))) {
                assertThat(echoed(tunnel, 1_000)).isTrue();
            }
        }
    }

    @Test
    void theCommandDoesTheSame() throws Exception {
        String key = Files.writeString(folder.resolve("user.key"), "key-of-the-user\n")
                .toString();
        String ours = " --cert " + authority.certificate() + " --key " + authority.key();
        try (Peer b = Peer.start(masque("proxy --listen 127.0.0.1:0 --name b-proxy --allow 127.0.0.1 --client-ca "
                        + ofA.authority() + ours));
                Peer a = Peer.start(masque("proxy --listen 127.0.0.1:0 --psk user=" + key + ours
                        + " --upstream https://localhost:" + b.port() + " --upstream-ca " + authority.authority()
                        + " --upstream-cert " + ofA.certificate() + " --upstream-key " + ofA.key()));
                OurClient user =
                        OurClient.of("localhost:" + a.port(), authority, HttpVersion.HTTP_2, "key-of-the-user");
                Socket socket = user.tcp(origins.tcpEcho());
                UdpTunnel tunnel = user.udp(origins.udpEcho())) {
            socket.getOutputStream().write(9);

            assertThat(socket.getInputStream().read()).isEqualTo(9);
            assertThat(echoed(tunnel, 500)).isTrue();
        }
    }

    private static List<String> masque(String line) {
        return Peers.masque(line.split(" +"));
    }
}
