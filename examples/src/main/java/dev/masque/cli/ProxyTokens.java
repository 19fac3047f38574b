package dev.masque.cli;

import dev.masque.core.tls.TlsIdentity;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.privacypass.http.DirectoryKeys;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.privacypass.redis.RedisSpentTokens;
import dev.masque.server.auth.Authenticator;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of a proxy that takes Privacy Pass tokens. */
final class ProxyTokens {
    private static final String PASSWORD = "MASQUE_REDIS_PASSWORD";
    private static final long MOST_SPENT = 10_000_000;

    /** A directory says itself for how long it may be kept; this is how often that is looked at. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final Duration GRACE = Duration.ofDays(1);
    private static final int DNS_NAME = 2;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            converter = Https.class,
            description =
                    "Lets in who brings a Privacy Pass token of this issuer, https://HOST[:PORT]; may be repeated. Its "
                            + "keys are followed.")
    private List<URI> issuers = List.of();

    @Nullable @Option(
            names = "--issuer-ca",
            paramLabel = "FILE",
            description = "Trust the issuers by this authority, PEM, instead of the system's.")
    private Path authority;

    @Option(
            names = "--token-types",
            split = ",",
            paramLabel = "TYPE",
            defaultValue = "0002",
            converter = TokenTypeArgument.class,
            description =
                    "The types of token to ask for, 0002 or da7a, the preferred one first (default: ${DEFAULT-VALUE}).")
    private List<TokenType> types = List.of(TokenType.BLIND_RSA);

    @Nullable @Option(
            names = "--origin",
            paramLabel = "NAME",
            description = "The name of this proxy that tokens are for; the first name of its certificate unless said.")
    private String origin;

    @Nullable @Option(
            names = "--spent",
            paramLabel = "URL",
            description =
                    "Remembers spent tokens in Redis, redis://HOST[:PORT][/DATABASE] (rediss: with TLS), which proxies "
                            + "that take the same tokens share; in this process unless said. The environment variable "
                            + PASSWORD
                            + " is the password.")
    private URI spent;

    @Option(
            names = "--key-life",
            paramLabel = "TIME",
            defaultValue = "30d",
            converter = DurationArgument.class,
            description =
                    "For how long a key stands in the issuers' directories at most (default: ${DEFAULT-VALUE}); spent "
                            + "tokens are remembered a day longer.")
    private Duration keyLife = Duration.ofDays(30);

    /** Whether tokens are taken; checks that the options go together. */
    boolean wanted() {
        if (issuers.isEmpty() && (authority != null || origin != null || spent != null)) {
            throw new ParameterException(spec.commandLine(), "--issuer-ca, --origin and --spent go with --issuer");
        }
        if (spent != null) {
            redis(spent);
        }
        types.stream().filter(type -> !type.publiclyVerifiable()).findFirst().ifPresent(type -> {
            throw new ParameterException(
                    spec.commandLine(),
                    "--token-types takes 0002 and da7a: type " + type + " is verified with the issuer's private key");
        });
        return !issuers.isEmpty();
    }

    /** What takes the tokens; follows the issuers until the process ends. */
    Authenticator authenticator(TlsIdentity identity) throws IOException, GeneralSecurityException {
        HttpClient http = JdkClient.trusting(authority);
        TokenVerifier.Builder verifier = TokenVerifier.builder()
                .origin(origin == null ? nameOf(identity.chain().get(0)) : origin)
                .spentTokens(
                        spent == null
                                ? SpentTokens.inMemory(MOST_SPENT)
                                : redis(spent).build());
        for (URI issuer : issuers) {
            IssuerClient client = IssuerClient.builder(issuer).httpClient(http).build();
            try {
                verifier.issuer(
                        Https.authority(issuer),
                        DirectoryKeys.follow(client, GRACE, LOOK, keyLife),
                        types.toArray(TokenType[]::new));
            } catch (IOException e) {
                throw new IOException("the directory of " + issuer + " cannot be had: " + reason(e), e);
            }
        }
        return Authenticators.privacyPass(verifier.build());
    }

    private RedisSpentTokens.Builder redis(URI at) {
        RedisSpentTokens.Builder builder;
        try {
            builder = RedisSpentTokens.builder(at);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --spent: " + e.getMessage(), e);
        }
        if (at.getUserInfo() != null && at.getUserInfo().indexOf(':') >= 0) { // every user of the machine can read it
            throw new ParameterException(spec.commandLine(), "--spent takes no password: set " + PASSWORD);
        }
        String password = System.getenv(PASSWORD);
        return password == null || password.isBlank() ? builder : builder.password(password.strip());
    }

    private static @Nullable String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }

    private String nameOf(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return (names == null ? List.<List<?>>of() : names)
                .stream()
                        .filter(name -> name.get(0).equals(DNS_NAME))
                        .map(name -> String.valueOf(name.get(1)))
                        .filter(name -> !name.startsWith("*"))
                        .findFirst()
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "the certificate has no name that tokens could be for: give --origin NAME"));
    }
}
