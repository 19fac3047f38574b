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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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
            "      --account alice.account --count 20 --out tokens"
        })
final class TokenFetchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private IssuerOptions issuer = new IssuerOptions();

    @Mixin
    private ChallengeOptions challenge = new ChallengeOptions();

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
        TokenSource source = IssuerTokenSource.of(client(asked), Duration.ZERO);
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
            String pair = Secrets.read(account);
            if (pair.indexOf(':') < 1) {
                throw new IOException(account + " holds no NAME:PASSWORD");
            }
            String value = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
            client.authorization(() -> value);
        }
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
