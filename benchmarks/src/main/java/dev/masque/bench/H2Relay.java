package dev.masque.bench;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code h2-relay}. */
@Command(
        name = "h2-relay",
        description = "one tunnel over HTTP/2, our whole proxy against a bare Netty relay without policy",
        mixinStandardHelpOptions = true)
final class H2Relay extends Benchmark {
    @Override
    void measure(Lab lab, Report report) throws IOException {
        Child relay = lab.relay();
        Child proxy = lab.proxy(true);
        new BulkTable(lab, report).measure(List.of(relay, proxy), List.of(0.85));
    }
}
