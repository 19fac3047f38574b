package dev.masque.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command: one subcommand for each benchmark. */
@Command(
        name = "masque bench",
        description = {
            "Measures the proxy beside its peers on this machine, in one run.",
            "Without a name: bulk, setup, latency, quiche-udp, memory and growth, one after the other."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[NAME]",
        footer = "All of them take the options of ./masque bench NAME --help.",
        subcommands = {
            AllBulk.class,
            AllSetup.class,
            Latency.class,
            QuicheUdp.class,
            Memory.class,
            Growth.class,
            H2Bulk.class,
            H2Setup.class,
            H2Relay.class,
            H3Bulk.class,
            H3Udp.class,
            QuicheBulk.class,
            Hops.class,
            TokenCosts.class,
            ForgedTokens.class,
            OhttpPath.class,
            HpkeCosts.class,
            Micro.class,
            Egress.class
        })
final class Benchmarks implements Callable<Integer> {
    private static final List<String> MAIN = List.of("bulk", "setup", "latency", "quiche-udp", "memory", "growth");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(names = "--list", description = "Lists the benchmarks and the subjects, and ends.")
    private boolean list;

    private Benchmarks() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!list) {
            spec.commandLine().usage(out);
            return 2;
        }
        out.println("Benchmarks:");
        spec.subcommands().forEach((name, command) -> {
            if (name.equals(command.getCommandName())) {
                line(
                        out,
                        name,
                        String.join(" ", command.getCommandSpec().usageMessage().description()));
            }
        });
        out.println();
        out.println("Subjects, for --only:");
        for (Contender contender : Contender.values()) {
            line(out, contender.label(), contender.description());
        }
        out.flush();
        return 0;
    }

    private static void line(PrintWriter out, String name, String description) {
        out.printf("  %-16s %s%n", name, description);
    }

    /**
     * Runs a benchmark, or those that make the whole table.
     *
     * @param arguments its name and options
     */
    public static void main(String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        boolean named = given.stream().anyMatch(new CommandLine(new Benchmarks()).getSubcommands()::containsKey);
        boolean asks = given.stream().anyMatch(List.of("--list", "--help", "-h", "--version", "-V")::contains);
        int status = 0;
        for (String name : named || asks ? List.of("") : MAIN) {
            List<String> all = new ArrayList<>(given);
            if (!name.isEmpty()) {
                all.add(0, name);
            }
            status = Math.max(status, new CommandLine(new Benchmarks()).execute(all.toArray(String[]::new)));
            System.out.flush();
        }
        System.exit(status);
    }
}
