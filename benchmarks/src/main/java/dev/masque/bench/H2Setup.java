package dev.masque.bench;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code h2-setup}. */
@Command(
        name = "h2-setup",
        description = "tunnels set up and ended over HTTP/2, against nghttpx + tinyproxy with the same client",
        mixinStandardHelpOptions = true)
final class H2Setup extends SetupTable {
    H2Setup() {
        super(List.of(Contender.NGHTTPX, Contender.MASQUE_H2), false);
    }
}
