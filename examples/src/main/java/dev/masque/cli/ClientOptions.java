package dev.masque.cli;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.MasqueClientBuilder;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that goes through a proxy. */
final class ClientOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(
            names = "--proxy",
            required = true,
            paramLabel = "URL",
            description = "The proxy: https://HOST[:PORT], or a URI template (RFC 9298) for its UDP tunnels.")
    @SuppressWarnings("NullAway.Init") // picocli
    private String proxy;

    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<HopOption> hops = new ArrayList<>(); // picocli adds to it

    @Option(
            names = "--http",
            split = ",",
            paramLabel = "VERSION",
            description = "Use only these of 1, 2 and 3; else the best that works.")
    private List<String> versions = List.of();

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Nullable @Option(
            names = "--psk-file",
            paramLabel = "FILE",
            description = "The pre-shared key, in a file. Also the environment variable " + Secrets.VARIABLE + ".")
    private Path keyFile;

    @Nullable @Option(
            names = "--proxy-ca",
            paramLabel = "FILE",
            description = "Trust the proxy by this authority, PEM, instead of the system's.")
    private Path authority;

    @Nullable @Option(
            names = "--client-cert",
            paramLabel = "FILE",
            description = "The certificate chain to show to a proxy that asks for one, PEM; with --client-key.")
    private Path certificate;

    @Nullable @Option(names = "--client-key", paramLabel = "FILE", description = "Its private key, PEM (PKCS#8).")
    private Path certificateKey;

    @Option(
            names = "--proxy-raw-key",
            paramLabel = "PIN",
            description =
                    "Know the proxy by its raw public key (RFC 7250), sha256/..., instead of a certificate; may be "
                            + "repeated. Not over HTTP/3.")
    private List<String> proxyKeys = List.of();

    @Nullable @Option(
            names = "--client-raw-key",
            paramLabel = "FILE",
            description = "The key to show to such a proxy if it asks for one, PEM (PKCS#8).")
    private Path clientKey;

    MasqueClient open() throws IOException {
        MasqueClientBuilder builder = MasqueClient.builder();
        for (HopOption hop : hops) {
            builder.hop(hop.hop(spec));
        }
        return builder.hop(last()).transports(http3.transports()).build();
    }

    private Hop last() throws IOException {
        Hop hop = hop(spec, proxy, keyFile, authority);
        if (!versions.isEmpty()) {
            hop = hop.versions(Versions.parse(versions, spec));
        }
        hop = RawPins.apply(hop, proxyKeys, clientKey, "--client-raw-key needs --proxy-raw-key", spec);
        if (certificate != null && certificateKey != null) {
            return hop.identity(Identities.fromPem(certificate, certificateKey));
        }
        if (certificate != null || certificateKey != null) {
            throw new ParameterException(spec.commandLine(), "--client-cert and --client-key go together");
        }
        return hop;
    }

    /** A proxy with the key of a file or of the environment. */
    static Hop hop(CommandSpec spec, String proxy, @Nullable Path keyFile, @Nullable Path authority)
            throws IOException {
        Hop hop;
        try {
            hop = Hop.to(proxy);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --proxy: " + e.getMessage(), e);
        }
        String variable = System.getenv(Secrets.VARIABLE);
        if (keyFile != null) {
            hop = hop.credentials(Credentials.preshared(Secrets.read(keyFile)));
        } else if (variable != null && !variable.isBlank()) {
            hop = hop.credentials(Credentials.preshared(variable.strip()));
        }
        return authority == null ? hop : hop.trust(PeerTrust.pem(authority));
    }
}
