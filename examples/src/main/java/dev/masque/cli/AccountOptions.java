package dev.masque.cli;

import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.attest.Basic;
import dev.masque.privacypass.attest.Bearer;
import dev.masque.privacypass.attest.IssuerLink;
import dev.masque.privacypass.attest.Quota;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that find out who may ask for tokens. */
final class AccountOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description = "Accounts with passwords (Authorization: Basic): lines of NAME:HASH, bcrypt or argon2, as "
                    + "htpasswd -B writes them. Read again when it changes.")
    private Path accounts;

    @Option(
            names = "--bearer",
            paramLabel = "NAME=FILE",
            description = "An account with a secret (Authorization: Bearer), which is in the file; may be repeated.")
    private Map<String, Path> bearers = new LinkedHashMap<>();

    @Nullable @Option(
            names = "--quota",
            paramLabel = "NUMBER/TIME",
            converter = QuotaArgument.class,
            description = "How many tokens each account gets in a time, as 100/1h; without it there is no bound.")
    private Quota quota;

    /** Whether they go together. */
    void check() {
        if (quota != null && accounts == null && bearers.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--quota counts by account: give --accounts or --bearer");
        }
    }

    /** An attester that knows these accounts; empty if there are none. */
    Optional<Attester> attester(IssuerLink issuer, int batchLimit) throws IOException {
        check();
        if (accounts == null && bearers.isEmpty()) {
            return Optional.empty();
        }
        Attester.Builder attester = Attester.builder().issuer(issuer).batchLimit(batchLimit);
        if (!bearers.isEmpty()) {
            Map<String, String> secrets = new HashMap<>();
            for (Map.Entry<String, Path> entry : bearers.entrySet()) {
                secrets.put(Secrets.read(entry.getValue()), entry.getKey());
            }
            attester.method(Bearer.of(secrets));
        }
        if (accounts != null) {
            attester.method(Basic.of(accounts));
        }
        if (quota != null) {
            attester.quota(quota);
        }
        return Optional.of(attester.build());
    }
}
