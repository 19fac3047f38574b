package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DoctorIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path folder;

    @Test
    void itSaysWhatTheMachineHas() {
        MasqueTest.Result result = MasqueTest.run("doctor");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern("ok +java +Java \\d+")
                .containsPattern("ok +transport netty +speaks http/1.1, h2")
                .containsPattern("ok +http/3 +is carried by quiche");
        assertThat(MasqueTest.run("doctor --http3 kwik").out()).containsPattern("http/3 +is carried by kwik");
    }

    @Test
    void aPortIsFreeOrNot() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            MasqueTest.Result result = MasqueTest.run("doctor --listen 127.0.0.1:" + taken.getLocalPort());

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).containsPattern("bad +tcp port").containsPattern("ok +udp port");
        }
        assertThat(MasqueTest.run("doctor --listen 127.0.0.1:0").code()).isZero();
    }

    @Test
    void aCertificateServesOrNot() throws Exception {
        SelfSigned.create(List.of()).write(folder);
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");

        MasqueTest.Result result = MasqueTest.run("doctor --cert " + certificate + " --key " + key);

        assertThat(result.code()).isZero();
        assertThat(result.out()).containsPattern("ok +certificate +for .*localhost");
        Instant now = Instant.now();
        assertThat(CertificateCheck.of(certificate, key, now.plus(Duration.ofDays(36_500))))
                .anyMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
        assertThat(CertificateCheck.of(certificate, key, now.minus(Duration.ofDays(36_500))))
                .anyMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
        assertThat(MasqueTest.run("doctor --cert " + key + " --key " + key).code())
                .isEqualTo(1);
    }

    @Test
    void aProxyIsReachedOverEachVersionOrNot() throws Exception {
        SelfSigned certificates = SelfSigned.create(List.of());
        certificates.write(folder);
        Path key = Files.writeString(folder.resolve("psk"), "doctor-key");
        try (ServerSocket target = new ServerSocket(0, 10, LOOPBACK)) {
            try (MasqueServer all = proxy(certificates, HttpVersion.values());
                    MasqueServer tcpOnly = proxy(certificates, HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
                String rest =
                        " --proxy-ca " + folder.resolve("ca.pem") + " --target 127.0.0.1:" + target.getLocalPort();

                MasqueTest.Result well = doctor(all, " --psk-file " + key + rest);
                assertThat(well.code()).isZero();
                assertThat(well.out())
                        .containsPattern("ok +proxy http/1.1 +a tunnel stands")
                        .containsPattern("ok +proxy h2 +a tunnel stands")
                        .containsPattern("ok +proxy h3 +a tunnel stands");

                assertThat(doctor(all, rest).out()).containsPattern("hint +proxy h2 +reached, but there is no tunnel");

                MasqueTest.Result noUdp = doctor(tcpOnly, " --psk-file " + key + rest);
                assertThat(noUdp.code()).isEqualTo(1);
                assertThat(noUdp.out())
                        .containsPattern("bad +proxy h3 +not reached")
                        .containsPattern("hint +udp +the proxy answers over TCP and not over UDP");
            }
        }
    }

    private static MasqueTest.Result doctor(MasqueServer proxy, String rest) {
        return MasqueTest.run("doctor --proxy https://localhost:" + proxy.port() + rest);
    }

    private static MasqueServer proxy(SelfSigned certificates, HttpVersion... versions) throws Exception {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .identity(certificates.identity())
                .authenticate(Authenticators.preshared(Map.of("doctor", "doctor-key")))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.1/32").build())
                .versions(versions)
                .start();
    }
}
