package dev.masque.bench;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code h2-relay}. */
@Command(
        name = "h2-relay",
        description = "tunnels over HTTP/2, our whole proxy against a bare Netty relay without policy",
        mixinStandardHelpOptions = true)
final class H2Relay extends BulkTable {
    H2Relay() {
        super(
                List.of(Contender.RELAY, Contender.MASQUE_H2),
                List.of(new Goal(Contender.MASQUE_H2, Contender.RELAY, 0.85, 0)));
    }
}
