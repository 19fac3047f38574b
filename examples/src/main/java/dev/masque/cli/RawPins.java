package dev.masque.cli;

import dev.masque.core.tls.RawKeyPins;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads pins from the command line. Without state. */
final class RawPins {
    private RawPins() {}

    static RawKeyPins parse(List<String> pins, CommandSpec spec) {
        try {
            return RawKeyPins.of(pins.toArray(new String[0]));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a pin is sha256/ and the base64 of 32 bytes; masque raw-key FILE prints it",
                    e);
        }
    }
}
