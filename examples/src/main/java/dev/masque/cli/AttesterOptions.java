package dev.masque.cli;

import dev.masque.core.tls.Identities;
import dev.masque.privacypass.http.IssuerClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where requests for tokens go, and what a client shows there. */
final class AttesterOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--attester",
            paramLabel = "URL",
            converter = Https.class,
            description = "Sends requests to this attester, at " + IssuerCommand.REQUEST_PATH
                    + " if the URL has no path; keys come from the issuer.")
    private URI attester;

    @Nullable @Option(names = "--account", paramLabel = "FILE", description = "NAME:PASSWORD to show to the attester, in a file.")
    private Path account;

    @Nullable @Option(
            names = "--bearer",
            paramLabel = "FILE",
            description = "The secret to show to the attester (Authorization: Bearer), in a file.")
    private Path bearer;

    @Nullable @Option(
            names = "--client-cert",
            paramLabel = "FILE",
            description =
                    "The certificate chain to show to the attester, PEM; with --client-key. The issuer's directory is asked "
                            + "for without it.")
    private Path certificate;

    @Nullable @Option(names = "--client-key", paramLabel = "FILE", description = "Its private key, PEM (PKCS#8).")
    private Path certificateKey;

    void apply(IssuerClient.Builder client, IssuerOptions issuer) throws IOException {
        if (attester != null) {
            String path = attester.getRawPath();
            client.requestUri(
                    path == null || path.isEmpty() || path.equals("/")
                            ? attester.resolve(IssuerCommand.REQUEST_PATH)
                            : attester);
        }
        if (bearer != null && account != null) {
            throw new ParameterException(spec.commandLine(), "--account and --bearer exclude each other");
        }
        if (bearer != null) {
            String value = "Bearer " + Secrets.read(bearer);
            client.authorization(() -> value);
        } else if (account != null) {
            String value = basic(account);
            client.authorization(() -> value);
        }
        if (certificate != null && certificateKey != null) {
            client.requestClient(
                    issuer.http(Identities.fromPem(certificate, certificateKey).get()));
        } else if (certificate != null || certificateKey != null) {
            throw new ParameterException(spec.commandLine(), "--client-cert and --client-key go together");
        }
    }

    private static String basic(Path account) throws IOException {
        String pair = Secrets.read(account);
        if (pair.indexOf(':') < 1) {
            throw new IOException(account + " holds no NAME:PASSWORD");
        }
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
