package dev.masque.cli;

import dev.masque.core.tls.ReloadableTrust;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.auth.CertificateRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of a proxy for the certificates of its clients. */
final class CertificateOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description =
                    "Lets in clients with a certificate of this authority, PEM, read again when it changes; without a "
                            + "pre-shared key nobody else. HTTP/3 needs quiche for it.")
    private Path authority;

    @Nullable @Option(
            names = "--client-crl",
            paramLabel = "FILE",
            description =
                    "Turns away certificates that its lists (CRLs, PEM) name, and those whose issuer has no list in it "
                            + "that is in force. Read again when it changes.")
    private Path revoked;

    @Option(
            names = "--client-name",
            paramLabel = "RULE",
            description =
                    "Lets in only certificates with this name: dns:NAME, dns:*.NAME, uri:URI, email:ADDRESS, ip:ADDRESS, "
                            + "subject:CN=a,O=b or subject:*,O=b; may be repeated.")
    private List<String> names = List.of();

    /** Whether certificates are asked for. */
    boolean wanted() {
        return authority != null;
    }

    /** Fails if the options do not fit together. */
    void check() {
        if (!wanted() && (revoked != null || !names.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--client-crl and --client-name need --client-ca");
        }
        rules();
    }

    /** Adds what the options say; {@code others} if there are other ways to be let in. */
    void apply(MasqueServerBuilder builder, boolean others) throws IOException {
        Path file = authority;
        if (file == null) {
            return;
        }
        ReloadableTrust trust =
                revoked == null ? ReloadableTrust.fromPem(file) : ReloadableTrust.fromPem(file, revoked);
        builder.reload("client authorities", trust::reload);
        builder.authenticate(Authenticators.clientCertificate(rules().unless(trust::isRevoked)));
        if (others) {
            builder.askForClientCertificates(trust.trust());
        } else {
            builder.requireClientCertificates(trust.trust());
        }
    }

    private CertificateRules rules() {
        try {
            return names.isEmpty() ? CertificateRules.anybody() : CertificateRules.anyOf(names);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --client-name: " + e.getMessage(), e);
        }
    }
}
