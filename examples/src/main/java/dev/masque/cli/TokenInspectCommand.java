package dev.masque.cli;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.Extension;
import dev.masque.privacypass.Extensions;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.PrivateTokenChallenge;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code masque token inspect}. */
@Command(
        name = "inspect",
        description = "Shows what is in a token or in the challenges of a field. It does not say whether it is true.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  masque token fetch --issuer https://issuer.example | masque token inspect",
            "  masque token inspect 'Proxy-Authenticate: PrivateToken challenge=\"AAIA...\", token-key=\"MIIB...\"'"
        })
final class TokenInspectCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Parameters(
            arity = "0..1",
            paramLabel = "TEXT",
            description =
                    "A field (Proxy-Authorization, Proxy-Authenticate, ...), its value, or a token or challenge in "
                            + "base64; standard input unless given. Others on this machine can see arguments.")
    private String text;

    @Override
    public Integer call() throws IOException, MalformedException {
        String given = TokenText.read(text);
        PrintWriter out = spec.commandLine().getOut();
        Optional<Token> token = TokenText.token(given);
        if (token.isPresent()) {
            show(token.get(), out);
        } else {
            List<PrivateTokenChallenge> challenges = TokenText.challenges(given);
            if (challenges.isEmpty()) {
                throw new IOException("neither a token nor a challenge of the scheme PrivateToken");
            }
            for (PrivateTokenChallenge one : challenges) {
                show(one, out);
            }
        }
        out.flush();
        return 0;
    }

    private static void show(Token token, PrintWriter out) throws MalformedException {
        out.println("token");
        row(out, "type", TokenTypeArgument.describe(token.type()));
        row(out, "nonce", token.nonce());
        row(out, "challenge", token.challengeDigest() + " (SHA-256)");
        row(out, "key", token.keyId() + " (SHA-256)");
        row(out, "authenticator", token.authenticator().size() + " bytes");
        show(token.extensions(), out);
    }

    private static void show(PrivateTokenChallenge one, PrintWriter out) throws MalformedException {
        out.println("challenge");
        row(out, "type", TokenTypeArgument.describe(one.type()));
        try {
            TokenChallenge challenge = one.challenge();
            row(out, "issuer", challenge.issuerName());
            row(out, "origins", challenge.originInfo().isEmpty() ? "any" : String.join(", ", challenge.originInfo()));
            row(out, "context", challenge.redemptionContext().size() == 0 ? "none" : challenge.redemptionContext());
            row(out, "digest", challenge.digest() + " (what its tokens carry)");
        } catch (MalformedException e) {
            row(out, "encoded", one.encoded() + " (of another structure)");
        }
        if (one.tokenKey().isPresent()) {
            Bytes key = one.tokenKey().get();
            row(out, "token-key", key.size() + " bytes, id " + new TokenKey(one.type(), key).id());
        }
        if (one.maxAge().isPresent()) {
            row(out, "max-age", one.maxAge().get().toSeconds() + " s");
        }
        if (one.extensions().isPresent()) {
            show(one.extensions().get(), out);
        }
    }

    private static void show(Extensions extensions, PrintWriter out) throws MalformedException {
        for (Extension extension : extensions.list()) {
            String says = extension
                    .expiry()
                    .map(time -> "expires " + time)
                    .or(() -> place(extension))
                    .orElseGet(() -> extension.data().toString());
            row(out, "extension", String.format("0x%04x, %s", extension.type(), says));
        }
    }

    private static Optional<String> place(Extension extension) {
        try {
            return extension.place().map(place -> "place " + place);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static void row(PrintWriter out, String name, Object value) {
        out.printf("  %-14s %s%n", name, value);
    }
}
