package dev.masque.bench;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code h2-bulk}. */
@Command(
        name = "h2-bulk",
        description = "tunnels over HTTP/2, as fast as they go, against nghttpx + tinyproxy with the same client",
        mixinStandardHelpOptions = true)
final class H2Bulk extends BulkTable {
    H2Bulk() {
        super(
                List.of(Contender.NGHTTPX, Contender.MASQUE_H2, Contender.MASQUE_H2_JDK),
                List.of(
                        new Goal(Contender.MASQUE_H2, Contender.NGHTTPX, 1.2, 0.8),
                        new Goal(Contender.MASQUE_H2_JDK, Contender.NGHTTPX, 0.8, 0)));
    }
}
