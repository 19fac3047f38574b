package dev.masque.cli;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.core.Target;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServerBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of a proxy that reaches every target through another proxy, as its client. */
final class UpstreamOptions implements AutoCloseable {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--upstream",
            paramLabel = "URL",
            description =
                    "Reaches every target through this proxy: https://HOST[:PORT]. No separation: this proxy sees its "
                            + "clients and their targets. For two proxies neither of which sees both: --first-hop.")
    private String proxy;

    @Nullable @Option(
            names = "--upstream-ca",
            paramLabel = "FILE",
            description = "Trust the proxy of --upstream by this authority, PEM, instead of the system's.")
    private Path authority;

    @Nullable @Option(
            names = "--upstream-cert",
            paramLabel = "FILE",
            description = "The certificate chain to show to it, PEM; with --upstream-key.")
    private Path certificate;

    @Nullable @Option(names = "--upstream-key", paramLabel = "FILE", description = "Its private key, PEM (PKCS#8).")
    private Path certificateKey;

    @Nullable @Option(
            names = "--upstream-psk-file",
            paramLabel = "FILE",
            description = "The pre-shared key to show to it, in a file.")
    private Path keyFile;

    @Option(
            names = "--upstream-http",
            split = ",",
            paramLabel = "VERSION",
            description = "Use only these of 1, 2 and 3 with it; else the best that works.")
    private List<String> versions = List.of();

    @Nullable private MasqueClient client;

    /** Whether there is another proxy. */
    boolean wanted() {
        return proxy != null;
    }

    /** Fails if the options do not fit together. */
    void check() {
        boolean more = authority != null || certificate != null || keyFile != null || !versions.isEmpty();
        if (!wanted() && (more || certificateKey != null)) {
            throw usage("the --upstream- options need --upstream");
        }
        if ((certificate == null) != (certificateKey == null)) {
            throw usage("--upstream-cert and --upstream-key go together");
        }
        if (proxy != null) {
            parse(proxy);
        }
    }

    private Hop parse(String named) {
        try {
            return Hop.to(named);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --upstream: " + e.getMessage(), e);
        }
    }

    /** Adds what the options say. */
    void apply(MasqueServerBuilder builder, TransportProvider... transports) throws IOException {
        String named = proxy;
        if (named == null) {
            return;
        }
        MasqueClient made =
                MasqueClient.builder().hop(hop(named)).transports(transports).build();
        client = made;
        builder.upstream(target(named), made.asNetwork());
    }

    private Hop hop(String named) throws IOException {
        Hop hop = parse(named);
        if (keyFile != null) {
            hop = hop.credentials(Credentials.preshared(Secrets.read(keyFile)));
        }
        if (authority != null) {
            hop = hop.trust(PeerTrust.pem(authority));
        }
        if (certificate != null && certificateKey != null) {
            hop = hop.identity(Identities.fromPem(certificate, certificateKey));
        }
        return versions.isEmpty() ? hop : hop.versions(Versions.parse(versions, spec));
    }

    private static Target target(String named) {
        int template = named.indexOf('{');
        URI uri = URI.create(template < 0 ? named : named.substring(0, template));
        return Target.of(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort());
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Ends the sessions with the other proxy. */
    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
