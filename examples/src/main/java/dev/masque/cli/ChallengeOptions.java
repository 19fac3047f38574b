package dev.masque.cli;

import dev.masque.client.AuthenticationException;
import dev.masque.client.MasqueClient;
import dev.masque.core.tls.PeerTrust;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a token answers: a challenge that was seen, that of a proxy, or one that is put together. */
final class ChallengeOptions {
    /** Nobody is asked for it: a proxy that wants a token says so first. */
    private static final String NOWHERE = "challenge.invalid";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--challenge",
            paramLabel = "FIELD",
            description =
                    "The challenge, as Proxy-Authenticate or WWW-Authenticate holds it, or its base64; - reads it from "
                            + "standard input.")
    private String field;

    @Nullable @Option(
            names = "--proxy",
            paramLabel = "URL",
            converter = Https.class,
            description = "Asks this proxy for its challenge.")
    private URI proxy;

    @Nullable @Option(
            names = "--proxy-ca",
            paramLabel = "FILE",
            description = "Trust the proxy by this authority, PEM, instead of the system's.")
    private Path proxyAuthority;

    @Option(
            names = "--origin",
            paramLabel = "NAME",
            description = "The name of the proxy or site that the token is for; may be repeated, in the order of the "
                    + "challenge. Without it, any.")
    private List<String> origins = List.of();

    @Nullable @Option(
            names = "--issuer-name",
            paramLabel = "NAME",
            description = "What challenges call the issuer; host and port of its URL unless said.")
    private String issuerName;

    @Nullable @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = TokenTypeArgument.class,
            description = "The type of token; 0002, or the first of the challenge that is known, unless said.")
    private TokenType type;

    private final Http3Option http3 = new Http3Option();

    /** The challenge, if the options say one. */
    Optional<TokenChallenge> find(@Nullable URI issuer) throws IOException, MalformedException {
        if (field != null && proxy != null) {
            throw new ParameterException(spec.commandLine(), "--challenge and --proxy exclude each other");
        }
        if (field != null) {
            return Optional.of(TokenText.answerable(TokenText.challenges(TokenText.read(field)), type));
        }
        if (proxy != null) {
            return Optional.of(ask(proxy));
        }
        String name = issuerName == null && issuer != null ? Https.authority(issuer) : issuerName;
        if (name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TokenChallenge(
                    type == null ? TokenType.BLIND_RSA : type, name, Bytes.copyOf(new byte[0]), origins));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "no such challenge: " + e.getMessage(), e);
        }
    }

    boolean namesOrigins() {
        return field != null || proxy != null || issuerName != null || !origins.isEmpty();
    }

    private TokenChallenge ask(URI at) throws IOException, MalformedException {
        TokenChallenge challenge = TokenText.answerable(TokenText.challenges(String.join(", ", refusal(at))), type);
        List<String> expected = origins.isEmpty() ? List.of(at.getHost(), Https.authority(at)) : origins;
        if (expected.stream().noneMatch(challenge::isFor)) { // RFC 9577, 2.1: it could be used there
            throw new IOException("the proxy asks for a token of other origins ("
                    + String.join(", ", challenge.originInfo()) + "); --origin says that this is meant");
        }
        return challenge;
    }

    private List<String> refusal(URI at) throws IOException {
        var builder = MasqueClient.builder().proxy(at.toString()).transports(http3.transports());
        if (proxyAuthority != null) {
            builder.trust(PeerTrust.pem(proxyAuthority));
        }
        try (MasqueClient client = builder.build()) {
            client.openTcp(NOWHERE, 443).close();
            return new ArrayList<>();
        } catch (AuthenticationException e) {
            return e.challenges();
        }
    }
}
