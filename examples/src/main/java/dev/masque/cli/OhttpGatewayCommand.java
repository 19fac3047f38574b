package dev.masque.cli;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.gateway.GatewayEvent;
import dev.masque.ohttp.gateway.GatewayListener;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.KeyRingBuilder;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.gateway.OhttpGatewayBuilder;
import dev.masque.server.MasqueServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque ohttp gateway}. */
@Command(
        name = "gateway",
        description = {
            "Runs a gateway until it is told to stop (SIGTERM drains): opens requests, asks the targets, seals their answers.",
            "Keys are at /ohttp-keys and /.well-known/ohttp-gateway, requests go to /gateway or the latter."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  masque ohttp gateway --listen 127.0.0.1:8444 --self-signed /tmp/gateway \\",
            "      --keys-dir /var/lib/ohttp --target https://app.example --target https://api.example"
        })
final class OhttpGatewayCommand implements Callable<Integer> {
    private static final String KEYS = "/ohttp-keys";
    private static final String REQUESTS = "/gateway";
    private static final String WELL_KNOWN = "/.well-known/ohttp-gateway"; // RFC 9540, 4

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private ServeOptions serve = new ServeOptions();

    @Option(
            names = "--target",
            required = true,
            arity = "1..*",
            paramLabel = "ORIGIN",
            description = "What requests may be for: scheme, host and perhaps port. Anything else is refused.")
    private List<URI> targets = List.of();

    @Nullable @Option(
            names = "--target-ca",
            paramLabel = "FILE",
            description = "Trust the targets by this authority, PEM, instead of the system's.")
    private Path authority;

    @Nullable @Option(
            names = "--keys-dir",
            paramLabel = "DIR",
            description = "Where the keys are kept, for their owner alone. Without it they go with the process.")
    private Path keys;

    @Option(
            names = "--key-type",
            split = ",",
            paramLabel = "TYPE",
            defaultValue = "X25519",
            description =
                    "What keys to have, the preferred ones first: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private List<KeyType> types = List.of(KeyType.X25519);

    @Option(
            names = "--replay-capacity",
            paramLabel = "N",
            defaultValue = "16777216",
            description = {
                "How many requests to remember for about 11 minutes, so that none is taken twice (default: ${DEFAULT-VALUE}, for 24,800",
                "a second). Up to 16 bytes of heap each; what cannot be remembered is refused with 503."
            })
    private int replayCapacity;

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Override
    public Integer call() throws Exception {
        try (OhttpGateway gateway = gateway();
                MasqueServer server = serve.site(http3)
                        .handler(KEYS, gateway.keysHandler())
                        .handler(REQUESTS, gateway.requestHandler())
                        .handler(WELL_KNOWN, keysOrRequests(gateway))
                        .start()) {
            OhttpCommand.say(spec, server, "keys", KEYS);
            OhttpCommand.say(spec, server, "gateway", REQUESTS);
            return serve.serve(server);
        }
    }

    private OhttpGateway gateway() throws IOException {
        OhttpGatewayBuilder builder = OhttpGateway.builder().client(JdkClient.trusting(authority));
        if (replayCapacity <= 0) {
            throw new ParameterException(spec.commandLine(), "bad --replay-capacity: not positive");
        }
        builder.replayCapacity(replayCapacity).listener(new Complaints(spec));
        try {
            targets.forEach(builder::allow);
            return builder.keys(ring()).build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --target: " + e.getMessage(), e);
        }
    }

    private KeyRing ring() throws IOException {
        KeyRingBuilder ring = KeyRing.builder().types(types.get(0), types.toArray(KeyType[]::new));
        if (keys != null) {
            Files.createDirectories(keys);
            ring.store(keys.resolve("ohttp-keys"));
        }
        return ring.build();
    }

    /** The one place that clients can guess: GET has the keys, POST takes requests. */
    private static HttpHandler keysOrRequests(OhttpGateway gateway) {
        HttpHandler published = gateway.keysHandler();
        HttpHandler requests = gateway.requestHandler();
        return exchange -> (exchange.getRequestMethod().equals("POST") ? requests : published).handle(exchange);
    }

    /** Tells whoever runs the gateway what only they can change. */
    private record Complaints(CommandSpec spec) implements GatewayListener {
        @Override
        public void exchanged(GatewayEvent event) {}

        @Override
        public void replayMemoryFull(String endpoint) {
            spec.commandLine()
                    .getErr()
                    .println("more requests than --replay-capacity: refusing with 503 what cannot be remembered");
            spec.commandLine().getErr().flush();
        }
    }
}
