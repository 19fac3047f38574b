package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.privacypass.attest.Basic;
import dev.masque.privacypass.attest.Bearer;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.ResponseProfile;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque proxy}. */
@Command(
        name = "proxy",
        description = "Runs a proxy until it is told to stop (SIGTERM drains).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "RULE is HOST[:PORTS]. HOST is a CIDR, an address, a name, *.name or *; PORTS is a port, a range or *.",
            "Without rules the proxy reaches every public unicast address and nothing else. An --allow that names a",
            "private range opens just that; of several rules that match, the narrowest counts, and a tie denies.",
            "",
            "A client is asked for its certificate first, then for its pre-shared key, its account, its token; one that is",
            "good is enough.",
            "",
            "With --first-hop it is the first proxy of a chain: it connects users to the --next-hop proxies, on TCP and UDP,",
            "and to nothing else. What goes on inside is between them.",
            "",
            "With --upstream it speaks to another proxy itself, in its own name, and its users do not. That separates",
            "nothing: this proxy sees who its users are and where they go. It resolves no names; --allow and --deny of",
            "names and ports hold, private addresses are up to the other proxy, which is told where users are with",
            "--locate and --attestation-key, or where they say they are.",
            "",
            "Examples:",
            "  masque proxy --listen 127.0.0.1:8443 --self-signed /tmp/masque --psk alice=alice.key",
            "  masque proxy --listen *:443 --cert chain.pem --key key.pem --issuer https://issuer.example",
            "  masque proxy --listen *:443 --cert a.pem --key a.key --psk alice=alice.key \\\\",
            "      --first-hop --next-hop b.example:443",
            "  masque proxy --listen *:443 --cert a.pem --key a.key --psk alice=alice.key \\\\",
            "      --upstream https://b.example --upstream-cert a-client.pem --upstream-key a-client.key"
        })
final class ProxyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private ServeOptions serve = new ServeOptions();

    @Option(
            names = "--psk",
            paramLabel = "NAME=FILE",
            description = "A pre-shared key in a file, and its name; may be repeated. Also the environment variable "
                    + Secrets.VARIABLE + ".")
    private Map<String, Path> keys = new LinkedHashMap<>();

    @Nullable @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description =
                    "Lets in accounts with passwords (Proxy-Authorization: Basic): lines of NAME:HASH, bcrypt or argon2, as "
                            + "htpasswd -B writes them. Read again when it changes.")
    private Path accounts;

    @Option(
            names = "--bearer",
            paramLabel = "NAME=FILE",
            description =
                    "Lets in an account with a secret (Proxy-Authorization: Bearer), which is in the file; may be repeated.")
    private Map<String, Path> bearers = new LinkedHashMap<>();

    @Mixin
    private CertificateOptions certificates = new CertificateOptions();

    @Mixin
    private RawKeyOptions rawKeys = new RawKeyOptions();

    @Mixin
    private ProxyTokens tokens = new ProxyTokens();

    @Option(names = "--no-auth", description = "Serves everyone, without a key.")
    private boolean open;

    @Option(names = "--allow", paramLabel = "RULE", description = "Opens targets; may be repeated.")
    private List<String> allow = List.of();

    @Option(names = "--deny", paramLabel = "RULE", description = "Closes targets; may be repeated.")
    private List<String> deny = List.of();

    @Option(names = "--first-hop", description = "Connects to the --next-hop proxies only.")
    private boolean firstHop;

    @Option(
            names = "--next-hop",
            paramLabel = "HOST:PORT",
            converter = TargetArgument.class,
            description = "A proxy that --first-hop leads to, whatever its address; may be repeated.")
    private List<Target> nextHops = List.of();

    @Option(
            names = "--http",
            split = ",",
            paramLabel = "VERSION",
            description = "Which of 1, 2 and 3 to speak; all that are there unless said.")
    private List<String> versions = List.of();

    @Mixin
    private EgressOptions egress = new EgressOptions();

    @Mixin
    private UpstreamOptions upstream = new UpstreamOptions();

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "masque",
            description = "How the proxy calls itself in Proxy-Status (default: ${DEFAULT-VALUE}).")
    private String name = "masque";

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "PRIVACY_PROXY",
            description = "Response statuses: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ResponseProfile profile = ResponseProfile.PRIVACY_PROXY;

    @Override
    public Integer call() throws Exception {
        try (UpstreamOptions other = upstream) {
            return serve.serve(start());
        }
    }

    private MasqueServer start() throws IOException, GeneralSecurityException {
        Map<String, String> presharedKeys = presharedKeys();
        upstream.check();
        certificates.check();
        AccessPolicy policy = policy(); // before the certificate: a mistake in it leaves none behind
        Supplier<TlsIdentity> identity = rawKeys.hasKey() && !serve.hasIdentity() ? null : serve.identity();
        MasqueServerBuilder builder = MasqueServer.builder()
                .listen(serve.listen())
                .accessPolicy(policy)
                .responseProfile(profile)
                .transports(http3.transports())
                .name(name);
        serve.follow(builder);
        egress.apply(builder);
        upstream.apply(builder, http3.transports());
        if (identity != null) {
            builder.identity(identity);
        }
        List<HttpVersion> spoken =
                rawKeys.versions(versions.isEmpty() ? List.of() : List.of(Versions.parse(versions, spec)));
        if (!spoken.isEmpty()) {
            builder.versions(spoken.toArray(new HttpVersion[0]));
        }
        boolean others = !presharedKeys.isEmpty() || tokens.wanted() || hasAccounts();
        rawKeys.apply(builder, identity == null && !others && !certificates.wanted());
        certificates.apply(builder, others || rawKeys.hasKey());
        if (!presharedKeys.isEmpty()) {
            builder.authenticate(Authenticators.preshared(presharedKeys));
        }
        if (!bearers.isEmpty()) {
            Map<String, String> secrets = new LinkedHashMap<>();
            for (Map.Entry<String, Path> entry : bearers.entrySet()) {
                secrets.put(Secrets.read(entry.getValue()), entry.getKey());
            }
            builder.authenticate(Authenticators.account(Bearer.of(secrets)));
        }
        if (accounts != null) {
            builder.authenticate(Authenticators.account(Basic.of(accounts)));
        }
        if (tokens.wanted()) {
            if (identity == null) {
                throw new ParameterException(spec.commandLine(), "--issuer needs --cert and --key, or --self-signed");
            }
            builder.authenticate(tokens.authenticator(identity.get()));
        }
        if (open) {
            builder.openToEveryone();
        }
        return builder.start();
    }

    private boolean hasAccounts() {
        return accounts != null || !bearers.isEmpty();
    }

    private Map<String, String> presharedKeys() throws IOException {
        Map<String, String> read = new LinkedHashMap<>();
        for (Map.Entry<String, Path> entry : keys.entrySet()) {
            read.put(entry.getKey(), Secrets.read(entry.getValue()));
        }
        String variable = System.getenv(Secrets.VARIABLE);
        if (variable != null && !variable.isBlank()) {
            read.put("environment", variable.strip());
        }
        boolean nobody = read.isEmpty()
                && !certificates.wanted()
                && !tokens.wanted()
                && !hasAccounts()
                && !rawKeys.knowsClients();
        if (nobody != open) {
            throw new ParameterException(
                    spec.commandLine(),
                    open
                            ? "--no-auth excludes pre-shared keys, accounts, --client-ca, --client-raw-keys and --issuer"
                            : "who may use the proxy? give --psk NAME=FILE, set " + Secrets.VARIABLE
                                    + ", give --accounts FILE, --bearer NAME=FILE, --client-ca FILE, --client-raw-keys FILE"
                                    + " or --issuer URL, or serve everyone with --no-auth");
        }
        return read;
    }

    private AccessPolicy policy() {
        if (firstHop == nextHops.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--first-hop and --next-hop HOST:PORT go together");
        }
        if (upstream.wanted() && (firstHop || egress.hasPools())) {
            throw new ParameterException(
                    spec.commandLine(),
                    firstHop
                            ? "--upstream excludes --first-hop: it gives no separation"
                            : "--upstream excludes --geofeed: tunnels leave from the other proxy");
        }
        if (firstHop) {
            if (!allow.isEmpty() || !deny.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--first-hop excludes --allow and --deny");
            }
            return AccessPolicy.nextHopsOnly(nextHops);
        }
        AccessPolicy.Builder policy = AccessPolicy.builder();
        try {
            allow.forEach(policy::allow);
            deny.forEach(policy::deny);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad rule: " + e.getMessage(), e);
        }
        return policy.build();
    }
}
