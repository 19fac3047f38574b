package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;

/** {@code quiche-udp}. */
@Command(
        name = "quiche-udp",
        description =
                "UDP payloads there and back through a tunnel over HTTP/3 on quiche, against datagrams that a server"
                        + " on Netty's quiche sends back",
        mixinStandardHelpOptions = true)
final class QuicheUdp extends Benchmark {
    private static final List<Integer> SIZES = List.of(64, 512, 1200);
    private static final double LIGHT = 0.5;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        UdpEcho target = lab.keep(new UdpEcho());
        Child bare = lab.child("quiche alone", true, List.of(), QuicheMain.class);
        QuicheClient quiche = lab.keep(new QuicheClient(bare, lab.identity()));
        Child proxy = lab.proxy("quiche");
        Echoed echoed = new Echoed();
        HttpStream tunnel =
                lab.client(lab.transport("quiche"), proxy, HttpVersion.HTTP_3).openUdp(target.port(), 1200, echoed);
        lab.say("warm-up of " + Report.number(settings().warmup()) + " s each");
        Offer.make(
                quiche.sender(1200), quiche::datagrams, Offer.FIRST, settings().warmup(), true);
        Offer.make(
                ProxyClient.sender(tunnel, 1200),
                echoed::count,
                Offer.FIRST,
                settings().warmup(),
                true);
        report.row("", "bytes", "datagrams/s", "range", "ratio", "lost at half of it");
        for (int size : SIZES) {
            Series alone = new Series();
            Series through = new Series();
            Series lostAlone = new Series();
            Series lost = new Series();
            for (int round = 1; round <= lab.rounds(); round++) {
                alone.add(round(quiche.sender(size), quiche::datagrams, lostAlone));
                through.add(round(ProxyClient.sender(tunnel, size), echoed::count, lost));
                lab.say(size + " bytes: round " + round + "  quiche alone " + Report.number(alone.last())
                        + "/s  masque " + Report.number(through.last()) + "/s");
            }
            String bytes = Integer.toString(size);
            report.row(bare.name(), bytes, Report.number(alone.median()), alone.range(), "1.00", percent(lostAlone));
            report.row(
                    proxy.name(),
                    bytes,
                    Report.number(through.median()),
                    through.range(),
                    Report.number(through.ratio(alone)),
                    percent(lost));
            report.figure(bytes + " bytes", "datagrams/s", bare.name(), alone);
            report.figure(bytes + " bytes", "datagrams/s", proxy.name(), through);
            report.figure(bytes + " bytes", "percent lost", bare.name(), lostAlone);
            report.figure(bytes + " bytes", "percent lost", proxy.name(), lost);
            report.atLeast(size + " bytes, against quiche alone", through.ratio(alone), 0.6, "x");
            report.atMost(size + " bytes, lost at half the peak", lost.median(), 0.1, " %");
        }
        report.atMost("datagrams that another overtook", (double) echoed.overtaken(), 0, "");
        report.note("a datagram counts when it is back.");
    }

    private static String percent(Series lost) {
        return Report.number(lost.median()) + " %";
    }

    /** The peak of one round, and what is lost at a part of it. */
    private double round(Offer.Sender sender, Offer.Counter counter, Series lost) throws IOException {
        Offer best = Offer.peak(sender, counter, settings().seconds());
        Offer light =
                Offer.make(sender, counter, best.rate() * LIGHT, 3 * settings().seconds(), true);
        lost.add(100 * (1 - light.share()));
        return best.rate();
    }

    /** Counts what comes back. */
    private static final class Echoed extends Tunnel {
        private final AtomicLong count = new AtomicLong();

        private volatile long overtaken;
        private long latest;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void datagram(ByteBuffer payload) {
            count.lazySet(count.get() + 1);
            long number = payload.getLong(payload.position() + 1); // after the context id
            if (number < latest) {
                overtaken++;
            }
            latest = number;
        }

        /** How many came after one that was sent later. */
        long overtaken() {
            return overtaken;
        }

        long count() {
            return count.get();
        }
    }
}
