package dev.masque.cli;

import dev.masque.client.Hop;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Raw public keys from the command line of a client. Without state. */
final class RawPins {
    private RawPins() {}

    /**
     * A hop that is known by its keys, and is shown one of ours.
     *
     * @param pins none if it has a certificate
     * @param own needs pins
     * @param missing what to say if there are none
     */
    static Hop apply(Hop hop, List<String> pins, @Nullable Path own, String missing, CommandSpec spec)
            throws IOException {
        Hop known = pins.isEmpty() ? hop : hop.trustRawKeys(parse(pins, spec));
        if (own == null) {
            return known;
        }
        if (pins.isEmpty()) {
            throw new ParameterException(spec.commandLine(), missing);
        }
        return known.rawKey(RawKey.fromPem(own));
    }

    private static RawKeyPins parse(List<String> pins, CommandSpec spec) {
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
