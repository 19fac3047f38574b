package dev.masque.cli;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.access.AccessPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A TCP and a UDP tunnel through two proxies on this machine, with addresses of their own, and a table of who saw what: from
 * what each recorded, and what was recorded on the wires before them. Linux has all of 127.0.0.0/8 for this.
 */
final class DemoDoubleHop {
    private static final String TARGET = "target.example";
    private static final String SECOND = "b.example";
    private static final int ATTEMPTS = 10;

    private final PrintWriter out;
    private final TransportProvider[] transports;
    private final Path directory;
    private final String keyOfA;
    private final String keyOfB;
    private final String payload;

    /** Two keys and something to send, all of them not to be guessed. */
    DemoDoubleHop(
            PrintWriter out,
            TransportProvider[] transports,
            Path directory,
            String keyOfA,
            String keyOfB,
            String payload) {
        this.out = out;
        this.transports = transports;
        this.directory = directory;
        this.keyOfA = keyOfA;
        this.keyOfB = keyOfB;
        this.payload = payload;
    }

    /** Runs with a version of HTTP to each proxy; returns whether everybody saw what is for them and nothing else. */
    boolean run(HttpVersion outer, HttpVersion inner)
            throws IOException, GeneralSecurityException, InterruptedException {
        SelfSigned ofA = SelfSigned.create(List.of("127.0.0.21"));
        ofA.write(directory.resolve("a"));
        SelfSigned ofB = SelfSigned.create(List.of(SECOND));
        ofB.write(directory.resolve("b"));
        Evidence clientToA = new Evidence();
        Evidence aToB = new Evidence();
        try (RecordedTarget target = RecordedTarget.start(local(40));
                RecordedProxy b = RecordedProxy.start("b", settingsOfB(ofB), transports);
                WireTap beforeB = WireTap.between(
                        at(31, b.server().port()), local(20), at(30, b.server().port()), aToB);
                RecordedProxy a =
                        RecordedProxy.start("a", settingsOfA(ofA, b.server().port()), transports);
                WireTap beforeA = WireTap.between(
                        at(21, a.server().port()), local(10), at(20, a.server().port()), clientToA)) {
            use(a.server().port(), b.server().port(), target.port(), outer, inner);
            Map<String, Evidence> parties = new LinkedHashMap<>();
            parties.put("client-A wire", clientToA);
            parties.put("A", a.evidence());
            parties.put("A-B wire", aToB);
            parties.put("B", b.evidence());
            parties.put("target", target.evidence());
            out.println("TCP and UDP through A (" + outer.alpn() + ") and B (" + inner.alpn() + "):");
            return judge(new Separation(parties), target.port());
        }
    }

    private RecordedProxy.Settings settingsOfB(SelfSigned certificates) throws IOException {
        return new RecordedProxy.Settings(
                at(30, 0),
                local(30),
                certificates.identity(),
                Map.of("anonymous", keyOfB),
                AccessPolicy.builder().allow("127.0.0.40/32").build(),
                Map.of(TARGET, local(40)));
    }

    private RecordedProxy.Settings settingsOfA(SelfSigned certificates, int portOfB) throws IOException {
        return new RecordedProxy.Settings(
                at(20, 0),
                local(20),
                certificates.identity(),
                Map.of("alice", keyOfA),
                AccessPolicy.nextHopsOnly(List.of(Target.of(SECOND, portOfB))),
                Map.of(SECOND, local(31)));
    }

    private void use(int portOfA, int portOfB, int port, HttpVersion outer, HttpVersion inner) throws IOException {
        try (MasqueClient client = MasqueClient.builder()
                        .hop(Hop.to("https://127.0.0.21:" + portOfA)
                                .credentials(Credentials.preshared(keyOfA))
                                .trust(PeerTrust.pem(directory.resolve("a").resolve("ca.pem")))
                                .versions(outer))
                        .hop(Hop.to("https://" + SECOND + ":" + portOfB)
                                .credentials(Credentials.preshared(keyOfB))
                                .trust(PeerTrust.pem(directory.resolve("b").resolve("ca.pem")))
                                .versions(inner))
                        .transports(transports)
                        .build();
                TcpTunnel tcp = client.openTcp(TARGET, port);
                UdpTunnel udp = client.openUdp(TARGET, port)) {
            byte[] sent = payload.getBytes(StandardCharsets.US_ASCII);
            tcp.outputStream().write(sent);
            boolean same =
                    ByteBuffer.wrap(tcp.inputStream().readNBytes(sent.length)).equals(ByteBuffer.wrap(sent));
            if (!same || !isEchoed(udp, sent)) {
                throw new IOException("what was sent did not come back");
            }
        }
    }

    private static boolean isEchoed(UdpTunnel tunnel, byte[] sent) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            tunnel.send(sent);
            Optional<ByteBuffer> answer = tunnel.receive(Duration.ofSeconds(1));
            if (answer.isPresent() && answer.get().equals(ByteBuffer.wrap(sent))) {
                return true;
            }
        }
        return false;
    }

    private boolean judge(Separation separation, int port) {
        separation
                .secret("address of the client", "127.0.0.10", Set.of("A"), Set.of())
                .secret("credentials for A", keyOfA, Set.of("A"), Set.of())
                .secret("name of B", SECOND, Set.of("A", "B"), Set.of("A-B wire"))
                .secret("address of A", "127.0.0.20", Set.of("B"), Set.of("A"))
                .secret("credentials for B", keyOfB, Set.of("B"), Set.of())
                .secret("name of the target", TARGET, Set.of("B"), Set.of())
                .secret("port of the target", Integer.toString(port), Set.of("B"), Set.of())
                .secret("address of B", "127.0.0.30", Set.of("target"), Set.of("B"))
                .secret("what was sent", payload, Set.of("B", "target"), Set.of());
        separation.print(out);
        List<String> violations = separation.violations();
        violations.forEach(violation -> out.println("WRONG: " + violation));
        out.println();
        out.flush();
        return violations.isEmpty();
    }

    private static InetAddress local(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private static InetSocketAddress at(int last, int port) throws IOException {
        return new InetSocketAddress(local(last), port);
    }
}
