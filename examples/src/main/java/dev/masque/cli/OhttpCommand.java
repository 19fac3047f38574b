package dev.masque.cli;

import dev.masque.server.MasqueServer;
import java.net.InetSocketAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque ohttp}. */
@Command(
        name = "ohttp",
        description =
                "Oblivious HTTP (RFC 9458): requests that a relay cannot read and whose sender a gateway cannot know.",
        mixinStandardHelpOptions = true,
        subcommands = {OhttpGatewayCommand.class, OhttpRelayCommand.class, OhttpGetCommand.class},
        footer = {
            "",
            "Example, all on one machine, each server in a terminal of its own:",
            "  masque ohttp gateway --listen 127.0.0.1:8444 --self-signed /tmp/gateway --target https://example.com",
            "  masque ohttp relay --listen 127.0.0.1:8445 --self-signed /tmp/relay \\",
            "      --gateway https://localhost:8444/gateway --ca /tmp/gateway/ca.pem",
            "  cat /tmp/gateway/ca.pem /tmp/relay/ca.pem > /tmp/both.pem",
            "  masque ohttp get --relay https://localhost:8445/relay --keys https://localhost:8444/ohttp-keys \\",
            "      --ca /tmp/both.pem https://example.com/"
        })
final class OhttpCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: gateway, relay or get");
    }

    /** Says where something is served. */
    static void say(CommandSpec spec, MasqueServer server, String what, String path) {
        for (InetSocketAddress address : server.addresses()) {
            spec.commandLine().getOut().printf("%-10s https://%s%s%n", what, HostPort.format(address), path);
        }
    }
}
