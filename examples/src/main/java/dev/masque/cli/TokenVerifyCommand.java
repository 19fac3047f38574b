package dev.masque.cli;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code masque token verify}. */
@Command(
        name = "verify",
        description = "Says whether a token is good: exit code 0 if it is, 1 if not. Does not spend it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  masque token verify --issuer https://issuer.example --origin proxy.example < token",
            "  masque token verify --keys /var/lib/issuer --issuer-name issuer.example --origin proxy.example < token"
        })
final class TokenVerifyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private IssuerOptions issuer = new IssuerOptions();

    @Nullable @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The issuer's public key instead, PEM, for the types that it can verify.")
    private Path keyFile;

    @Nullable @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "The keys of masque issuer instead, which verify every type.")
    private Path keys;

    @Mixin
    private ChallengeOptions challenge = new ChallengeOptions();

    @Nullable @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN",
            description =
                    "The token: a field, its value, or base64; standard input unless given. Others on this machine "
                            + "can see arguments.")
    private String text;

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        if ((issuer.issuer() != null ? 1 : 0) + (keyFile != null ? 1 : 0) + (keys != null ? 1 : 0) != 1) {
            throw new ParameterException(
                    spec.commandLine(), "by which keys? give one of --issuer URL, --key FILE and --keys DIR");
        }
        Optional<TokenChallenge> asked = challenge.namesOrigins() ? challenge.find(issuer.issuer()) : Optional.empty();
        Token token = TokenText.token(TokenText.read(text)).orElseThrow(() -> new IOException("no token there"));
        VerificationKey key = key(token)
                .orElseThrow(() ->
                        new IOException("not good: no key with id " + token.keyId() + " for type " + token.type()));
        check(token, key, asked);
        spec.commandLine()
                .getOut()
                .println("good: type " + token.type() + ", key " + token.keyId()
                        + (asked.isPresent() ? "" : "; for which challenge was not asked (--origin, --challenge)"));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static void check(Token token, VerificationKey key, Optional<TokenChallenge> asked)
            throws IOException, MalformedException {
        Instant now = Instant.now();
        if (asked.isPresent() && !asked.get().digest().equals(token.challengeDigest())) {
            throw new IOException("not good: it answers another challenge");
        }
        if (!key.verify(token)) {
            throw new IOException("not good: the authenticator is wrong");
        }
        if (key.notBefore().isAfter(now) || key.expires().isBefore(now)) {
            throw new IOException("not good: the time of its key has passed or not come");
        }
        if (token.extensions().expiry().filter(now::isAfter).isPresent()) {
            throw new IOException("not good: it says that its time has passed");
        }
    }

    private Optional<VerificationKey> key(Token token) throws IOException, GeneralSecurityException {
        TokenType type = token.type();
        if (keys != null) {
            return stored(keys, token);
        }
        if (!type.publiclyVerifiable()) {
            throw new IOException(
                    "tokens of type " + type + " can be verified with the issuer's private key alone: --keys");
        }
        if (keyFile != null) {
            TokenKey key = new TokenKey(type, spki(keyFile));
            return key.id().equals(token.keyId()) ? Optional.of(always(key)) : Optional.empty();
        }
        var at = issuer.issuer();
        if (at == null) {
            return Optional.empty();
        }
        for (IssuerDirectory.Entry entry : issuer.client(at).build().directory().keys()) {
            if (entry.key().type().equals(type) && entry.key().id().equals(token.keyId())) {
                return Optional.of(always(entry.key()));
            }
        }
        return Optional.empty();
    }

    private static VerificationKey always(TokenKey key) throws PrivacyPassException {
        return VerificationKey.of(key, Instant.MIN, Instant.MAX);
    }

    /** Looks with the clock of another time, so that no key is drawn or deleted. */
    private static Optional<VerificationKey> stored(Path directory, Token token) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException("there is no directory " + directory);
        }
        try (IssuerKeys all = IssuerKeys.builder()
                .directory(directory)
                .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                .rotatedByCaller()
                .open()) {
            return all.find(token.type(), token.keyId());
        }
    }

    private static Bytes spki(Path file) throws IOException {
        StringBuilder base64 = new StringBuilder();
        Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                .filter(line -> !line.startsWith("-"))
                .forEach(line -> base64.append(line.strip()));
        try {
            return Bytes.copyOf(Base64.getDecoder()
                    .decode(base64.toString().replace('-', '+').replace('_', '/')));
        } catch (IllegalArgumentException e) {
            throw new IOException("no public key in PEM: " + file, e);
        }
    }
}
