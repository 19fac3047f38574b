package dev.masque.cli;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A proxy that is passed before the one that {@code --proxy} names, and what it is shown. */
final class HopOption {
    @Option(
            names = "--hop",
            required = true,
            paramLabel = "URL",
            description =
                    "A proxy to pass on the way to --proxy, which is then reached through it; may be repeated, the "
                            + "first is passed first. The --hop- options after it are its own.")
    @SuppressWarnings("NullAway.Init") // picocli
    private String url;

    @Nullable @Option(names = "--hop-psk-file", paramLabel = "FILE", description = "Its pre-shared key, in a file.")
    private Path keyFile;

    @Nullable @Option(
            names = "--hop-ca",
            paramLabel = "FILE",
            description = "Trust it by this authority, PEM, instead of the system's.")
    private Path authority;

    @Option(
            names = "--hop-raw-key",
            paramLabel = "PIN",
            description = "Know it by its raw public key, sha256/..., instead of a certificate; may be repeated.")
    private List<String> rawKeys = List.of();

    @Nullable @Option(
            names = "--hop-client-raw-key",
            paramLabel = "FILE",
            description = "The key to show to such a proxy if it asks for one, PEM (PKCS#8).")
    private Path clientKey;

    @Option(
            names = "--hop-http",
            split = ",",
            paramLabel = "VERSION",
            description = "Use only these of 1, 2 and 3 with it.")
    private List<String> versions = List.of();

    Hop hop(CommandSpec spec) throws IOException {
        Hop hop;
        try {
            hop = Hop.to(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --hop: " + e.getMessage(), e);
        }
        if (keyFile != null) {
            hop = hop.credentials(Credentials.preshared(Secrets.read(keyFile)));
        }
        if (authority != null) {
            hop = hop.trust(PeerTrust.pem(authority));
        }
        hop = RawPins.apply(hop, rawKeys, clientKey, "--hop-client-raw-key needs --hop-raw-key", spec);
        return versions.isEmpty() ? hop : hop.versions(Versions.parse(versions, spec));
    }
}
