package dev.masque.bench;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code quiche-bulk}. */
@Command(
        name = "quiche-bulk",
        description = "tunnels over HTTP/3 on quiche, against streams of Netty's quiche without a proxy, and on kwik",
        mixinStandardHelpOptions = true)
final class QuicheBulk extends BulkTable {
    QuicheBulk() {
        super(
                List.of(Contender.QUICHE, Contender.MASQUE_QUICHE, Contender.MASQUE_KWIK),
                List.of(
                        new Goal(Contender.MASQUE_QUICHE, Contender.QUICHE, 0.8, 0),
                        new Goal(Contender.MASQUE_QUICHE, Contender.MASQUE_KWIK, 4, 0)));
    }
}
