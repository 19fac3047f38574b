package dev.masque.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code masque} command: a proxy, tunnels through one, what is wrong with either, a demonstration, and Privacy Pass. */
@Command(
        name = "masque",
        description = "MASQUE proxying: TCP and UDP tunnels over HTTP/1.1, HTTP/2 and HTTP/3.",
        mixinStandardHelpOptions = true,
        version = "masque 0.1.0",
        subcommands = {
            ProxyCommand.class,
            EgressCommand.class,
            ConnectCommand.class,
            ForwardCommand.class,
            OhttpCommand.class,
            DoctorCommand.class,
            DemoCommand.class,
            IssuerCommand.class,
            AttesterCommand.class,
            TokenCommand.class,
            RawKeyCommand.class
        })
public final class Masque implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Masque() {}

    /**
     * Runs the command and exits: 0 done, 1 failed, 2 wrong usage.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new Masque())
                .setCommandName("masque")
                .setParameterExceptionHandler(Masque::usage)
                .setExecutionExceptionHandler(Masque::failure)
                .execute(arguments);
    }

    /** One line that says what is wrong and where to look. */
    private static int usage(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": "
                        + String.valueOf(e.getMessage()).replace('\n', ' ') + " (see "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult result) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message);
        if (System.getenv("MASQUE_DEBUG") != null) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
        }
    }
}
