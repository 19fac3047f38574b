package dev.masque.cli;

import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.http.AttesterHandler;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.server.MasqueServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque attester}. */
@Command(
        name = "attester",
        description =
                "Runs an attester: finds out who may ask for Privacy Pass tokens, and passes their requests on to an "
                        + "issuer that learns nothing of them. Until it is told to stop (SIGTERM drains).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Clients send their requests to https://HOST:PORT" + IssuerCommand.REQUEST_PATH + ".",
            "",
            "Examples:",
            "  htpasswd -Bc accounts alice",
            "  masque attester --listen 127.0.0.1:9444 --self-signed /tmp/attester --issuer https://issuer.example \\",
            "      --issuer-secret attester.secret --accounts accounts --quota 100/1h",
            "  masque attester --listen *:443 --cert chain.pem --key key.pem --issuer https://issuer.example \\",
            "      --issuer-secret attester.secret --client-ca staff-ca.pem --quota 100/1h"
        })
final class AttesterCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private ServeOptions serve = new ServeOptions();

    @Mixin
    private IssuerOptions issuer = new IssuerOptions();

    @Nullable @Option(
            names = "--issuer-secret",
            paramLabel = "FILE",
            description = "What the attester itself shows to the issuer (Authorization: Bearer), in a file.")
    private Path secret;

    @Mixin
    private AccountOptions accounts = new AccountOptions();

    @Mixin
    private BatchOption batch = new BatchOption();

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Override
    public Integer call() throws Exception {
        int limit = batch.limit();
        URI at = issuer.issuer();
        if (at == null) {
            throw new ParameterException(spec.commandLine(), "to which issuer? give --issuer URL");
        }
        IssuerClient.Builder link = issuer.client(at);
        if (secret != null) {
            String authorization = "Bearer " + Secrets.read(secret);
            link.authorization(() -> authorization);
        }
        Attester attester = accounts.attester(link.build(), limit)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "who may ask? give --accounts FILE, --bearer NAME=FILE or --client-ca FILE"));
        try (MasqueServer server = accounts.site(serve, http3)
                .handler(IssuerCommand.REQUEST_PATH, AttesterHandler.of(attester))
                .start()) {
            return serve.serve(server);
        }
    }
}
