package dev.masque.bench;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code h2-bulk}. */
@Command(
        name = "h2-bulk",
        description = "one tunnel over HTTP/2, as fast as it goes, against nghttpx + tinyproxy with the same client",
        mixinStandardHelpOptions = true)
final class H2Bulk extends Benchmark {
    @Override
    void measure(Lab lab, Report report) throws IOException {
        Subject peer = lab.nghttpx();
        Child natives = lab.proxy(true);
        Child jdk = lab.proxy(false);
        new BulkTable(lab, report).measure(List.of(peer, natives, jdk), List.of(0.9, 0.6));
    }
}
