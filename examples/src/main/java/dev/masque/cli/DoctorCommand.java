package dev.masque.cli;

import dev.masque.client.MasqueClient;
import dev.masque.core.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque doctor}. */
@Command(
        name = "doctor",
        description = {
            "Says whether this machine is fit for proxying and, if asked, whether a port is free, a certificate can serve,",
            "and a proxy can be reached over each version of HTTP. Exits with 0 if nothing is bad."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  masque doctor --listen '*:443' --cert cert.pem --key key.pem",
            "  masque doctor --proxy https://proxy.example --psk-file my.key --target example.com:443"
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "Whether a proxy could listen there.")
    private InetSocketAddress listen;

    @Nullable @Option(names = "--cert", paramLabel = "FILE", description = "A certificate chain for a proxy, PEM.")
    private Path certificate;

    @Nullable @Option(names = "--key", paramLabel = "FILE", description = "The private key of the certificate, PEM (PKCS#8).")
    private Path key;

    @Nullable @Option(names = "--proxy", paramLabel = "URL", description = "Whether this proxy can be reached, and how.")
    private String proxy;

    @Nullable @Option(
            names = "--psk-file",
            paramLabel = "FILE",
            description = "Its pre-shared key, in a file. Also the environment variable " + Secrets.VARIABLE + ".")
    private Path keyFile;

    @Nullable @Option(
            names = "--proxy-ca",
            paramLabel = "FILE",
            description = "Trust it by this authority, PEM, instead of the system's.")
    private Path authority;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            converter = TargetArgument.class,
            defaultValue = "example.com:443",
            description = "Where a tunnel through it is tried to (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli
    private Target target;

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Override
    public Integer call() throws IOException {
        if ((certificate == null) != (key == null)) {
            throw new ParameterException(spec.commandLine(), "give --cert and --key together");
        }
        List<Finding> findings = new ArrayList<>(MachineCheck.all(http3));
        if (listen != null) {
            findings.addAll(MachineCheck.port(listen));
        }
        if (certificate != null && key != null) {
            findings.addAll(CertificateCheck.of(certificate, key, Instant.now()));
        }
        if (proxy != null) {
            String url = proxy;
            findings.addAll(ProxyCheck.of(
                    version -> MasqueClient.builder()
                            .hop(ClientOptions.hop(spec, url, keyFile, authority)
                                    .versions(version))
                            .transports(http3.transports())
                            .build(),
                    target));
        }
        Finding.print(findings, spec.commandLine().getOut());
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.BAD) ? 1 : 0;
    }
}
