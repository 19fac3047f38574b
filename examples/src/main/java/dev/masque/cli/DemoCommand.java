package dev.masque.cli;

import dev.masque.client.Credentials;
import dev.masque.client.MasqueClient;
import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code masque demo}: a real proxy and real traffic through it, all on this machine. */
@Command(
        name = "demo",
        description = {
            "Starts a proxy, an HTTPS site and a UDP echo service on this machine, sends real traffic through the proxy",
            "over every version of HTTP, and shows what happened; then the same with Privacy Pass tokens, from an attester",
            "and an issuer to a proxy that takes them, and requests by an oblivious relay. Exits with 0 if all was as it",
            "should be."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(names = "--http", split = ",", paramLabel = "VERSION", description = "Only these of 1, 2 and 3; else all.")
    private List<String> versions = List.of();

    @Option(
            names = "--double-hop",
            description = "Shows who sees what of tunnels through two proxies instead, from what each recorded.")
    private boolean doubleHop;

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("masque-demo");
        if (doubleHop) {
            return doubleHop(out, directory);
        }
        SelfSigned certificates = SelfSigned.create(List.of());
        certificates.write(directory);
        String key = randomKey();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DemoOrigins origins = DemoOrigins.start(certificates.identity());
                MasqueServer server = MasqueServer.builder()
                        .listen(new InetSocketAddress(loopback, 0))
                        .identity(certificates.identity())
                        .authenticate(Authenticators.preshared(Map.of("demo", key)))
                        .accessPolicy(
                                AccessPolicy.builder().allow("127.0.0.1/32").build())
                        .name("demo-proxy")
                        .transports(http3.transports())
                        .start()) {
            out.println("proxy   https://localhost:" + server.port() + "  (Proxy-Authorization: Preshared ...)");
            out.println("site    https://localhost:" + origins.httpsPort());
            out.println("echo    udp://127.0.0.1:" + origins.echoPort());
            out.println();
            out.flush();
            List<DemoResult> results = new ArrayList<>();
            List<HttpVersion> wanted =
                    versions.isEmpty() ? List.of(HttpVersion.values()) : List.of(Versions.parse(versions, spec));
            for (HttpVersion version : wanted) {
                if (!server.versions().contains(version)) {
                    throw new MasqueException("no transport for " + version.alpn() + " is on the class path");
                }
                out.println("... " + version.alpn() + (version == HttpVersion.HTTP_3 ? carrier() : ""));
                out.flush();
                results.addAll(run(version, server, origins, directory, key));
            }
            out.println("... Privacy Pass");
            out.flush();
            results.addAll(
                    DemoTokens.run(certificates.identity(), directory.resolve("ca.pem"), origins, wanted, http3));
            results.addAll(DemoOblivious.run(wanted, certificates, directory, out));
            out.println();
            DemoResult.print(results, out);
            out.flush();
            return results.stream().allMatch(DemoResult::asExpected) ? 0 : 1;
        } finally {
            delete(directory);
        }
    }

    private int doubleHop(PrintWriter out, Path directory) throws Exception {
        List<HttpVersion> wanted = versions.isEmpty()
                ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_3)
                : List.of(Versions.parse(versions, spec));
        DemoDoubleHop demonstration =
                new DemoDoubleHop(out, http3.transports(), directory, randomKey(), randomKey(), randomKey());
        try {
            boolean separate = true;
            for (HttpVersion outer : wanted) {
                for (HttpVersion inner : wanted) {
                    separate &= demonstration.run(outer, inner);
                }
            }
            out.println(separate ? "Nobody saw both ends." : "Somebody saw what is not for them.");
            out.flush();
            return separate ? 0 : 1;
        } finally {
            delete(directory);
        }
    }

    private String carrier() {
        return http3.chosen().map(name -> " (on " + name + ")").orElse("");
    }

    private List<DemoResult> run(
            HttpVersion version, MasqueServer server, DemoOrigins origins, Path directory, String key)
            throws IOException {
        int closedPort = closedPort();
        try (MasqueClient client = client(version, server, directory, key);
                MasqueClient stranger = client(version, server, directory, randomKey())) {
            DemoSteps steps = new DemoSteps(version, directory.resolve("ca.pem"));
            return List.of(
                    steps.fetch(client, origins.httpsPort()),
                    steps.echo(client, origins.echoPort()),
                    steps.refused("wrong key", stranger, "127.0.0.1", origins.httpsPort(), 403),
                    steps.refused("forbidden target", client, "192.168.0.1", 443, 403),
                    steps.refused("unreachable target", client, "127.0.0.1", closedPort, 502));
        }
    }

    private MasqueClient client(HttpVersion version, MasqueServer server, Path directory, String key)
            throws IOException {
        return MasqueClient.builder()
                .proxy("https://localhost:" + server.port())
                .credentials(Credentials.preshared(key))
                .trust(PeerTrust.pem(directory.resolve("ca.pem")))
                .versions(version)
                .transports(http3.transports())
                .build();
    }

    private static String randomKey() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
