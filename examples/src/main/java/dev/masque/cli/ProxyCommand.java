package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.ResponseProfile;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque proxy}. */
@Command(
        name = "proxy",
        description = "Runs a proxy until it is told to stop (SIGTERM drains).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "RULE is HOST[:PORTS]. HOST is a CIDR, an address, a name, *.name or *; PORTS is a port, a range or *.",
            "Without rules the proxy reaches every public unicast address and nothing else. An --allow that names a",
            "private range opens just that; of several rules that match, the narrowest counts, and a tie denies.",
            "",
            "Example:",
            "  masque proxy --listen 127.0.0.1:8443 --self-signed /tmp/masque --psk alice=alice.key"
        })
final class ProxyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "Where to listen, on TCP and UDP; port 0 takes a free one; HOST * is every address.")
    @SuppressWarnings("NullAway.Init") // picocli
    private InetSocketAddress listen;

    @Nullable @Option(names = "--cert", paramLabel = "FILE", description = "The certificate chain, PEM.")
    private Path certificate;

    @Nullable @Option(names = "--key", paramLabel = "FILE", description = "The private key of the certificate, PEM (PKCS#8).")
    private Path key;

    @Nullable @Option(
            names = "--self-signed",
            paramLabel = "DIR",
            description = "Makes a certificate, and writes ca.pem, cert.pem and key.pem there; clients trust ca.pem.")
    private Path selfSigned;

    @Option(
            names = "--psk",
            paramLabel = "NAME=FILE",
            description = "A pre-shared key in a file, and its name; may be repeated. Also the environment variable "
                    + Secrets.VARIABLE + ".")
    private Map<String, Path> keys = new LinkedHashMap<>();

    @Nullable @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description =
                    "Lets in clients with a certificate of this authority, PEM; without a pre-shared key nobody else. "
                            + "HTTP/3 needs quiche for it.")
    private Path clientAuthority;

    @Option(names = "--no-auth", description = "Serves everyone, without a key.")
    private boolean open;

    @Option(names = "--allow", paramLabel = "RULE", description = "Opens targets; may be repeated.")
    private List<String> allow = List.of();

    @Option(names = "--deny", paramLabel = "RULE", description = "Closes targets; may be repeated.")
    private List<String> deny = List.of();

    @Option(
            names = "--http",
            split = ",",
            paramLabel = "VERSION",
            description = "Which of 1, 2 and 3 to speak; all that are there unless said.")
    private List<String> versions = List.of();

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "masque",
            description = "How the proxy calls itself in Proxy-Status (default: ${DEFAULT-VALUE}).")
    private String name = "masque";

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "PRIVACY_PROXY",
            description = "Response statuses: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ResponseProfile profile = ResponseProfile.PRIVACY_PROXY;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long tunnels may go on after SIGTERM (default: ${DEFAULT-VALUE}).")
    private int drainSeconds = 30;

    @Override
    public Integer call() throws Exception {
        MasqueServer server = start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(server), "masque-drain"));
        String offered = Stream.of(HttpVersion.values())
                .filter(server.versions()::contains)
                .map(HttpVersion::alpn)
                .collect(Collectors.joining(","));
        for (InetSocketAddress address : server.addresses()) {
            spec.commandLine().getOut().println("listening https://" + HostPort.format(address) + " " + offered);
        }
        spec.commandLine().getOut().flush();
        server.awaitClose();
        return 0;
    }

    private MasqueServer start() throws IOException, GeneralSecurityException {
        MasqueServerBuilder builder = MasqueServer.builder()
                .listen(listen)
                .identity(identity())
                .accessPolicy(policy())
                .responseProfile(profile)
                .transports(http3.transports())
                .name(name);
        if (!versions.isEmpty()) {
            builder.versions(Versions.parse(versions, spec));
        }
        Map<String, String> presharedKeys = presharedKeys();
        if (clientAuthority != null) {
            PeerTrust trust = PeerTrust.pem(clientAuthority);
            builder.authenticate(Authenticators.clientCertificate(certificate ->
                    Optional.of(certificate.getSubjectX500Principal().getName())));
            if (presharedKeys.isEmpty()) {
                return builder.requireClientCertificates(trust).start();
            }
            builder.askForClientCertificates(trust);
        }
        if (open) {
            builder.openToEveryone();
        } else {
            builder.authenticate(Authenticators.preshared(presharedKeys));
        }
        return builder.start();
    }

    private Supplier<TlsIdentity> identity() throws IOException, GeneralSecurityException {
        if (selfSigned != null && certificate == null && key == null) {
            SelfSigned made = SelfSigned.create(SelfSigned.hostsOf(listen.getAddress()));
            made.write(selfSigned);
            return made::identity;
        }
        if (selfSigned == null && certificate != null && key != null) {
            return Identities.fromPem(certificate, key);
        }
        throw new ParameterException(spec.commandLine(), "give --cert and --key, or --self-signed");
    }

    private Map<String, String> presharedKeys() throws IOException {
        Map<String, String> read = new LinkedHashMap<>();
        for (Map.Entry<String, Path> entry : keys.entrySet()) {
            read.put(entry.getKey(), Secrets.read(entry.getValue()));
        }
        String variable = System.getenv(Secrets.VARIABLE);
        if (variable != null && !variable.isBlank()) {
            read.put("environment", variable.strip());
        }
        boolean nobody = read.isEmpty() && clientAuthority == null;
        if (nobody != open) {
            throw new ParameterException(
                    spec.commandLine(),
                    open
                            ? "--no-auth excludes pre-shared keys and --client-ca"
                            : "who may use the proxy? give --psk NAME=FILE, set " + Secrets.VARIABLE
                                    + ", give --client-ca FILE, or serve everyone with --no-auth");
        }
        return read;
    }

    private AccessPolicy policy() {
        AccessPolicy.Builder policy = AccessPolicy.builder();
        try {
            allow.forEach(policy::allow);
            deny.forEach(policy::deny);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad rule: " + e.getMessage(), e);
        }
        return policy.build();
    }

    private void drain(MasqueServer server) {
        try {
            server.drain(Duration.ofSeconds(drainSeconds));
        } catch (InterruptedException e) {
            server.close();
        }
    }
}
