package dev.masque.cli;

import dev.masque.client.Forwarding;
import dev.masque.client.MasqueClient;
import dev.masque.core.Target;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque forward}. */
@Command(
        name = "forward",
        description = "Opens local ports that lead to targets through the proxy, until it is stopped.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "LOCAL is [HOST:]PORT, on 127.0.0.1 unless HOST says otherwise; port 0 takes a free one.",
            "",
            "Example:",
            "  masque forward --proxy https://proxy.example --udp 5353=dns.example:53 --tcp 8080=www.example:80"
        })
final class ForwardCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--tcp", paramLabel = "LOCAL=HOST:PORT", description = "A TCP port; may be repeated.")
    private List<String> tcp = List.of();

    @Option(names = "--udp", paramLabel = "LOCAL=HOST:PORT", description = "A UDP port; may be repeated.")
    private List<String> udp = List.of();

    /** One port. */
    private record Rule(InetSocketAddress local, Target target) {
        static Rule parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + text + "' is not LOCAL=HOST:PORT");
            }
            return new Rule(
                    HostPort.listenAddress(text.substring(0, equals)),
                    TargetArgument.parse(text.substring(equals + 1)));
        }
    }

    @Override
    public Integer call() throws Exception {
        if (tcp.isEmpty() && udp.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "what to forward? give --tcp or --udp LOCAL=HOST:PORT");
        }
        List<Rule> tcpRules = parse(tcp);
        List<Rule> udpRules = parse(udp);
        PrintWriter out = spec.commandLine().getOut();
        try (MasqueClient masque = client.open()) {
            List<Forwarding> open = new ArrayList<>(); // closed with the client
            for (Rule rule : tcpRules) {
                open.add(masque.forwardTcp(rule.local(), rule.target()));
                out.println("forwarding tcp " + HostPort.format(last(open).localAddress()) + " to " + rule.target());
            }
            for (Rule rule : udpRules) {
                open.add(masque.forwardUdp(rule.local(), rule.target()));
                out.println("forwarding udp " + HostPort.format(last(open).localAddress()) + " to " + rule.target());
            }
            out.flush();
            new CountDownLatch(1).await(); // until a signal
        }
        return 0;
    }

    private static Forwarding last(List<Forwarding> open) {
        return open.get(open.size() - 1);
    }

    private List<Rule> parse(List<String> texts) {
        try {
            return texts.stream().map(Rule::parse).toList();
        } catch (IllegalArgumentException | picocli.CommandLine.TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
