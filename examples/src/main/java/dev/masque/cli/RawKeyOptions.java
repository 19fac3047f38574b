package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a proxy that is known by a raw public key (RFC 7250), or knows its clients by theirs. */
final class RawKeyOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--raw-key",
            paramLabel = "FILE",
            description =
                    "A key by which clients know the proxy without a certificate (RFC 7250), PEM (PKCS#8) of Ed25519 "
                            + "or P-256; its pin is printed. Over TCP only: --http is 1,2 then. --cert may be left out.")
    private Path key;

    @Nullable @Option(
            names = "--client-raw-keys",
            paramLabel = "FILE",
            description = "Lets in clients with one of these raw public keys: a line sha256/... and a name for each; "
                    + "read again when it changes. Needs --raw-key; nobody else is let in unless there is another way.")
    private Path clients;

    /** Whether it is one of the ways to be let in. */
    boolean knowsClients() {
        return clients != null;
    }

    boolean hasKey() {
        return key != null;
    }

    /** The versions that there are with such a key; all that there are without. */
    List<HttpVersion> versions(List<HttpVersion> asked) {
        return key != null && asked.isEmpty() ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1) : asked;
    }

    /** Says the pin, too. */
    void apply(MasqueServerBuilder builder, boolean onlyWay) throws IOException {
        if (key == null && clients != null) {
            throw new ParameterException(spec.commandLine(), "--client-raw-keys needs --raw-key");
        }
        if (key == null) {
            return;
        }
        RawKey own = RawKey.fromPem(key);
        builder.rawKey(own);
        if (clients != null) {
            RawKeyPins pins = RawKeyPins.fromFile(clients);
            builder.reload("raw keys of clients", pins::reload);
            builder.authenticate(Authenticators.clientRawKey(pins));
            if (onlyWay) {
                builder.requireClientRawKeys(pins);
            } else {
                builder.askForClientRawKeys(pins);
            }
        }
        spec.commandLine().getOut().println("raw key " + own.pin());
    }
}
