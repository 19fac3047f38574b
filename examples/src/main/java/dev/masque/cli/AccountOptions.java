package dev.masque.cli;

import dev.masque.core.tls.PeerTrust;
import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.attest.Basic;
import dev.masque.privacypass.attest.Bearer;
import dev.masque.privacypass.attest.IssuerLink;
import dev.masque.privacypass.attest.MutualTls;
import dev.masque.privacypass.attest.Quota;
import dev.masque.server.MasqueServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
            names = "--client-ca",
            paramLabel = "FILE",
            description =
                    "Accounts with a certificate of this authority, PEM; its subject is the account. Who shows one of another "
                            + "authority is turned away. HTTP/3 needs quiche for it, and is left out without.")
    private Path clientAuthority;

    @Option(
            names = "--client",
            paramLabel = "NAME",
            description =
                    "Of those only this one, by the subject of its certificate (CN=alice,O=Example) or a name, address of "
                            + "mail or URI in it; may be repeated.")
    private List<String> clients = List.of();

    @Nullable @Option(
            names = "--quota",
            paramLabel = "NUMBER/TIME",
            converter = QuotaArgument.class,
            description = "How many tokens each account gets in a time, as 100/1h; without it there is no bound.")
    private Quota quota;

    /** Whether they go together. */
    void check() {
        if (!clients.isEmpty() && clientAuthority == null) {
            throw new ParameterException(spec.commandLine(), "--client goes with --client-ca");
        }
        if (quota != null && isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--quota counts by account: give --accounts, --bearer or --client-ca");
        }
    }

    private boolean isEmpty() {
        return accounts == null && bearers.isEmpty() && clientAuthority == null;
    }

    /** A server that asks for certificates if there are accounts with them. Who has none may show something else. */
    MasqueServerBuilder site(ServeOptions serve, Http3Option http3) throws IOException, GeneralSecurityException {
        check();
        if (clientAuthority == null) {
            return serve.site(http3);
        }
        PeerTrust trust = PeerTrust.pem(clientAuthority); // before a certificate is made
        return serve.site(http3).transports(http3.transportsThatAsk()).askForClientCertificates(trust);
    }

    /** An attester that knows these accounts; empty if there are none. */
    Optional<Attester> attester(IssuerLink issuer, int batchLimit) throws IOException {
        check();
        if (isEmpty()) {
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
        if (clientAuthority != null) {
            attester.method(clients.isEmpty() ? MutualTls.bySubject() : MutualTls.byName(clients));
        }
        if (quota != null) {
            attester.quota(quota);
        }
        return Optional.of(attester.build());
    }
}
