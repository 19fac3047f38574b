package dev.masque.cli;

import dev.masque.core.HttpVersion;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Versions of HTTP on the command line: 1, 2 and 3. */
final class Versions {
    private Versions() {}

    static HttpVersion[] parse(List<String> texts, CommandSpec spec) {
        return texts.stream().map(text -> parse(text, spec)).toArray(HttpVersion[]::new);
    }

    private static HttpVersion parse(String text, CommandSpec spec) {
        return switch (text) {
            case "1", "1.1" -> HttpVersion.HTTP_1_1;
            case "2" -> HttpVersion.HTTP_2;
            case "3" -> HttpVersion.HTTP_3;
            default -> throw new ParameterException(spec.commandLine(), "--http takes 1, 2 or 3, not '" + text + "'");
        };
    }
}
