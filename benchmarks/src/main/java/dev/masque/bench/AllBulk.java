package dev.masque.bench;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code bulk}. */
@Command(
        name = "bulk",
        description = "tunnels over every HTTP as fast as they go, on 1 stream and on 32, both ways, with every peer",
        mixinStandardHelpOptions = true)
final class AllBulk extends BulkTable {
    AllBulk() {
        super(
                List.of(
                        Contender.NGHTTPX,
                        Contender.SQUID,
                        Contender.HAPROXY,
                        Contender.RELAY,
                        Contender.QUICHE,
                        Contender.MASQUE_H1,
                        Contender.MASQUE_H2,
                        Contender.MASQUE_H2_JDK,
                        Contender.MASQUE_QUICHE,
                        Contender.MASQUE_KWIK),
                List.of(
                        new Goal(Contender.MASQUE_H2, Contender.NGHTTPX, 1.2, 0.8),
                        new Goal(Contender.MASQUE_H2_JDK, Contender.NGHTTPX, 0.8, 0),
                        new Goal(Contender.MASQUE_QUICHE, Contender.QUICHE, 0.8, 0),
                        new Goal(Contender.MASQUE_QUICHE, Contender.MASQUE_KWIK, 4, 0)));
    }
}
