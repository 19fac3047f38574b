package dev.masque.cli;

import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.privacypass.http.IssuerTokenSource;
import dev.masque.privacypass.wallet.TokenSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
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

/** {@code masque token fetch}. */
@Command(
        name = "fetch",
        description = "Gets tokens: prints PrivateToken token=\"...\", a line for each, ready for Proxy-Authorization.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  masque token fetch --issuer https://issuer.example --origin proxy.example",
            "  masque token fetch --proxy https://proxy.example --attester https://attester.example \\",
            "      --account alice.account --count 20 --out tokens",
            "  masque token fetch --proxy https://proxy.example --attester https://attester.example \\",
            "      --client-cert alice.pem --client-key alice.key",
            "  masque token fetch --issuer https://issuer.example --type da7a --expires-in 1d --geolocation JP,JP-13"
        })
final class TokenFetchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private IssuerOptions issuer = new IssuerOptions();

    @Mixin
    private ChallengeOptions challenge = new ChallengeOptions();

    @Mixin
    private AttesterOptions attester = new AttesterOptions();

    @Mixin
    private ExtensionOptions extensions = new ExtensionOptions();

    @Option(
            names = "--count",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "How many tokens (default: ${DEFAULT-VALUE}); got in batches.")
    private int count = 1;

    @Nullable @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes them there, for the owner alone, instead of to standard output.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count is at least 1");
        }
        TokenChallenge asked = challenge
                .find(issuer.issuer())
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "for what? give --issuer URL, --proxy URL or --challenge FIELD"));
        List<String> lines =
                fetch(asked).stream().map(PrivateTokenCredentials::format).toList();
        if (out == null) {
            PrintWriter console = spec.commandLine().getOut();
            lines.forEach(console::println);
            console.flush();
        } else {
            write(out, lines);
        }
        return 0;
    }

    private List<Token> fetch(TokenChallenge asked) throws IOException, GeneralSecurityException, PrivacyPassException {
        TokenSource source = IssuerTokenSource.of(client(asked), Duration.ZERO)
                .withExtensions(extensions.of(asked.type(), Instant.now()));
        List<Token> tokens = new ArrayList<>();
        while (tokens.size() < count) {
            List<Token> more = source.fetch(asked, Math.min(count - tokens.size(), TokenIssuer.DEFAULT_BATCH_LIMIT))
                    .tokens();
            if (more.isEmpty()) {
                throw new IOException("the issuer gave no tokens");
            }
            tokens.addAll(more);
        }
        return tokens;
    }

    private IssuerClient client(TokenChallenge asked) throws IOException, GeneralSecurityException {
        URI given = issuer.issuer();
        IssuerClient.Builder client =
                issuer.client(given != null ? given : new Https().convert("https://" + asked.issuerName()));
        attester.apply(client, issuer);
        return client.build();
    }

    /** Whoever reads the file can use the tokens. */
    private static void write(Path file, List<String> lines) throws IOException {
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(file, lines);
    }
}
