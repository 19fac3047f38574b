package dev.masque.cli;

import dev.masque.core.tls.RawKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what others pin a key by. */
@Command(
        name = "raw-key",
        description = {
            "Prints the pin of a key, by which others know its holder without a certificate (RFC 7250).",
            "",
            "Examples:",
            "  openssl genpkey -algorithm ed25519 -out a.key",
            "  masque raw-key a.key"
        })
final class RawKeyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The private key, PEM (PKCS#8), of Ed25519 or P-256.")
    @SuppressWarnings("NullAway.Init") // picocli
    private Path file;

    @Override
    public Integer call() throws IOException {
        spec.commandLine().getOut().println(RawKey.fromPem(file).pin());
        return 0;
    }
}
