package dev.masque.cli;

import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Targets on the command line: {@code HOST:PORT}. */
final class TargetArgument implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
        return parse(text);
    }

    static Target parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                String host = text.substring(0, colon);
                return host.chars().allMatch(c -> c < 0x80)
                        ? Target.parse(text)
                        : Target.of(host, Integer.parseInt(text.substring(colon + 1)));
            } catch (MalformedException | IllegalArgumentException e) {
                // said below
            }
        }
        throw new TypeConversionException("'" + text + "' is no target: HOST:PORT, with IPv6 addresses in brackets");
    }
}
