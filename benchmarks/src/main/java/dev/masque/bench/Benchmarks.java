package dev.masque.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command: one subcommand for each benchmark. */
@Command(
        name = "masque bench",
        description = "Measures the proxy beside its peers on this machine, in one run.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "NAME",
        subcommands = {
            H2Bulk.class,
            H2Setup.class,
            H2Relay.class,
            Latency.class,
            IdleTunnels.class,
            H3Bulk.class,
            H3Udp.class,
            QuicheBulk.class,
            QuicheUdp.class
        })
final class Benchmarks {
    private Benchmarks() {}

    /**
     * Runs a benchmark.
     *
     * @param arguments its name and options
     */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true);
        if (arguments.length == 0) {
            command.usage(System.out);
            System.exit(2);
        }
        int status = command.execute(arguments);
        System.out.flush();
        System.exit(status);
    }
}
