package dev.masque.cli;

import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque ohttp relay}. */
@Command(
        name = "relay",
        description = {
            "Runs a relay until it is told to stop (SIGTERM drains): passes sealed requests on to one gateway, and nothing of who sent",
            "them. Requests go to /relay."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  masque ohttp relay --listen 127.0.0.1:8445 --self-signed /tmp/relay \\",
            "      --gateway https://localhost:8444/gateway --ca /tmp/gateway/ca.pem"
        })
final class OhttpRelayCommand implements Callable<Integer> {
    private static final String REQUESTS = "/relay";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private ServeOptions serve = new ServeOptions();

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "URL",
            description = "Where the gateway takes requests; http only on this machine.")
    @SuppressWarnings("NullAway.Init") // picocli
    private URI gateway;

    @Nullable @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Trust the gateway by this authority, PEM, instead of the system's.")
    private Path authority;

    @Mixin
    private Http3Option http3 = new Http3Option();

    @Override
    public Integer call() throws Exception {
        try (OhttpRelay relay = relay();
                MasqueServer server = serve.site(http3).handler(REQUESTS, relay).start()) {
            OhttpCommand.say(spec, server, "relay", REQUESTS);
            return serve.serve(server);
        }
    }

    private OhttpRelay relay() throws IOException {
        try {
            return OhttpRelay.builder()
                    .client(JdkClient.trusting(authority))
                    .gateway(gateway)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "bad --gateway: " + e.getMessage(), e);
        }
    }
}
