package dev.masque.bench;

import dev.masque.bench.micro.Hpke;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code hpke}: what a gateway does for each request, beside those who do the same. */
@Command(
        name = "hpke",
        description =
                "HPKE on one core: a message of 1200 bytes received and opened (X25519, AES-128-GCM), each with a new context",
        mixinStandardHelpOptions = true)
final class HpkeCosts extends Benchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int BATCH = 16;

    /** Who does it, and how much slower than we they are to be. */
    private enum Who {
        MASQUE("masque", 0),
        BOUNCY_CASTLE("Bouncy Castle's HPKE", 1.3),
        NETTY("netty-incubator-codec-ohttp on BoringSSL", 0.5),
        JAVASCRIPT("@hpke/core with @hpke/dhkem-x25519, in JavaScript", 5),
        WEB_CRYPTO("@hpke/core on Node's WebCrypto", 5);

        private final String text;
        private final double goal;

        Who(String text, double goal) {
            this.text = text;
            this.goal = goal;
        }
    }

    private interface Start {
        RatedPeer start() throws IOException;
    }

    private interface Rate {
        double measure(double seconds) throws IOException;
    }

    @Override
    void measure(Lab lab, Report report) throws Exception {
        Map<Who, Rate> speeds = new EnumMap<>(Who.class);
        Hpke ours = new Hpke();
        speeds.put(Who.MASQUE, seconds -> own(ours::openOurs, seconds));
        speeds.put(Who.BOUNCY_CASTLE, seconds -> own(ours::openBouncyCastle, seconds));
        RatedPeer netty = started(lab, report, RatedPeer::nettyHpke, Who.NETTY);
        if (netty != null) {
            speeds.put(Who.NETTY, seconds -> netty.rate("open", seconds));
        }
        RatedPeer js = started(lab, report, RatedPeer::hpkeJs, Who.JAVASCRIPT, Who.WEB_CRYPTO);
        if (js != null) {
            speeds.put(Who.JAVASCRIPT, seconds -> js.rate("js", seconds));
            speeds.put(Who.WEB_CRYPTO, seconds -> js.rate("core", seconds));
        }
        List<Who> all = new ArrayList<>(speeds.keySet());
        Map<Who, Series> rates = lab.interleave(
                "messages/s",
                all,
                (who, seconds) -> Objects.requireNonNull(speeds.get(who)).measure(seconds));
        fill(report, all, rates);
    }

    /** Says by name who is not there. */
    private static @Nullable RatedPeer started(Lab lab, Report report, Start start, Who... of) {
        try {
            return lab.keep(start.start());
        } catch (IOException e) {
            for (Who who : of) {
                report.note("left out: " + who.text + ": " + e.getMessage());
            }
            return null;
        }
    }

    private static void fill(Report report, List<Who> all, Map<Who, Series> rates) {
        Series ours = Objects.requireNonNull(rates.get(Who.MASQUE));
        report.row("", "each us", "a second", "range", "ratio of masque");
        for (Who who : all) {
            Series rate = Objects.requireNonNull(rates.get(who));
            report.row(
                    who.text,
                    Report.number(1e6 / rate.median()),
                    Report.number(rate.median()),
                    rate.range(),
                    Report.number(ours.ratio(rate)));
            report.figure("received and opened", "messages/s", who.text, rate);
            if (who.goal > 0) {
                report.atLeast("masque against " + who.text, ours.ratio(rate), who.goal, "x");
            }
        }
        report.note("a second of processor time: of one thread in Java, of the process in Node.js.");
    }

    private static double own(Rated operation, double seconds) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        long spent = 0;
        long count = 0;
        while (spent < seconds * 1e9) {
            try {
                for (int i = 0; i < BATCH; i++) {
                    count += operation.open().length > 0 ? 1 : 0;
                }
            } catch (Exception e) {
                throw new IOException("a message does not open", e);
            }
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        return count * 1e9 / spent;
    }

    private interface Rated {
        byte[] open() throws Exception;
    }
}
