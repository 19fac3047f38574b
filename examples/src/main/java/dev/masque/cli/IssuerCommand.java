package dev.masque.cli;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.KeySchedule;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.http.AttesterHandler;
import dev.masque.privacypass.http.DirectoryHandler;
import dev.masque.privacypass.http.IssuerHandler;
import dev.masque.server.MasqueServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code masque issuer}. */
@Command(
        name = "issuer",
        description = "Runs an issuer of Privacy Pass tokens until it is told to stop (SIGTERM drains).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "The keys are at https://HOST:PORT" + IssuerDirectory.PATH + ".",
            "Without --bearer, --accounts or --client-ca whoever can reach the issuer gets tokens: put a masque attester in front and",
            "let nobody else through, or give the attester a secret with --bearer.",
            "",
            "Examples:",
            "  masque issuer --listen 127.0.0.1:9443 --self-signed /tmp/issuer --keys /var/lib/issuer",
            "  masque issuer --listen *:443 --cert chain.pem --key key.pem --keys /var/lib/issuer --types 0002,0001 \\",
            "      --bearer attester=attester.secret"
        })
final class IssuerCommand implements Callable<Integer> {
    /** Where requests for tokens go, of issuers and attesters. */
    static final String REQUEST_PATH = "/token-request";

    @Mixin
    private ServeOptions serve = new ServeOptions();

    @Option(
            names = "--types",
            split = ",",
            paramLabel = "TYPE",
            defaultValue = "0002",
            converter = TokenTypeArgument.class,
            description = "What to issue (default: ${DEFAULT-VALUE}): " + TokenTypeArgument.KNOWN
                    + ". Proxies elsewhere can verify 0002 and da7a alone.")
    private List<TokenType> types = List.of(TokenType.BLIND_RSA);

    @Nullable @Option(
            names = "--keys",
            paramLabel = "DIR",
            description =
                    "Where keys are stored (PKCS#8, PEM, for their owner alone); without it they go with the process.")
    private Path keys;

    @Option(
            names = "--rotate",
            paramLabel = "TIME",
            defaultValue = "7d",
            converter = DurationArgument.class,
            description =
                    "How often keys change (default: ${DEFAULT-VALUE}). The next one is announced, and the last one "
                            + "still signs, for a seventh of it; tokens are good for this long at least.")
    private Duration period = Duration.ofDays(7);

    @Option(
            names = "--geolocation",
            paramLabel = "PLACE",
            description =
                    "Signs tokens of type da7a that say this place (country, region, city, as in JP,JP-13,TOKYO); may be "
                            + "repeated. A time that they expire, not after their key, is signed in any case.")
    private List<String> places = List.of();

    @Nullable @Option(
            names = "--rsa-provider",
            paramLabel = "CLASS",
            converter = RsaProvider.Argument.class,
            description = "A security provider that signs tokens of type 0002 in native code, 1.7 times as often: "
                    + "org.conscrypt.OpenSSLProvider, with the jar of conscrypt-openjdk-uber on the class path.")
    private RsaProvider rsa;

    @Mixin
    private BatchOption batch = new BatchOption();

    @Mixin
    private AccountOptions accounts = new AccountOptions();

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Override
    public Integer call() throws Exception {
        int limit = batch.limit();
        accounts.check();
        Duration part = period.dividedBy(7);
        IssuerKeys.Builder builder = IssuerKeys.builder()
                .types(types.toArray(TokenType[]::new))
                .schedule(new KeySchedule(period, part, part, period));
        if (keys != null) {
            builder.directory(keys);
        }
        if (rsa != null) {
            builder.rsaProvider(rsa.provider());
        }
        try (IssuerKeys open = builder.open();
                MasqueServer server = accounts.site(serve, http3)
                        .handler(IssuerDirectory.PATH, DirectoryHandler.of(open, URI.create(REQUEST_PATH)))
                        .handler(
                                REQUEST_PATH,
                                requests(TokenIssuer.of(open)
                                        .withBatchLimit(limit)
                                        .withPlaces(places)))
                        .start()) {
            return serve.serve(server);
        }
    }

    private HttpHandler requests(TokenIssuer issuer) throws IOException {
        return accounts.attester(issuer::answer, issuer.batchLimit())
                .<HttpHandler>map(AttesterHandler::of)
                .orElseGet(() -> IssuerHandler.of(issuer));
    }
}
