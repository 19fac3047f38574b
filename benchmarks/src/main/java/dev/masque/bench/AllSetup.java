package dev.masque.bench;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code setup}. */
@Command(
        name = "setup",
        description = "set up and ended: tunnels on connections that stand, and whole connections, with every peer",
        mixinStandardHelpOptions = true)
final class AllSetup extends SetupTable {
    AllSetup() {
        super(
                List.of(
                        Contender.NGHTTPX,
                        Contender.SQUID,
                        Contender.HAPROXY,
                        Contender.RELAY,
                        Contender.MASQUE_H1,
                        Contender.MASQUE_H2,
                        Contender.MASQUE_H2_JDK,
                        Contender.MASQUE_QUICHE,
                        Contender.MASQUE_KWIK),
                true);
    }
}
