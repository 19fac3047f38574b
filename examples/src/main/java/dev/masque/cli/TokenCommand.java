package dev.masque.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque token}. */
@Command(
        name = "token",
        description = "Privacy Pass tokens: gets them, shows what is in them, and says whether they are good.",
        mixinStandardHelpOptions = true,
        subcommands = {TokenFetchCommand.class, TokenInspectCommand.class, TokenVerifyCommand.class},
        footer = {
            "",
            "Example:",
            "  token=$(masque token fetch --issuer https://issuer.example --origin proxy.example)",
            "  echo \"$token\" | masque token verify --issuer https://issuer.example --origin proxy.example",
            "  curl -p -x https://proxy.example --proxy-header \"Proxy-Authorization: $token\" https://example.com/"
        })
final class TokenCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "fetch, inspect or verify?");
    }
}
