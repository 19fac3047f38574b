package dev.masque.cli;

import dev.masque.privacypass.TokenIssuer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many tokens a request may ask for. */
final class BatchOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(
            names = "--batch",
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "How many tokens one request may ask for (default: ${DEFAULT-VALUE}).")
    private int batch = TokenIssuer.DEFAULT_BATCH_LIMIT;

    /** At least 1. */
    int limit() {
        if (batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch is at least 1");
        }
        return batch;
    }
}
