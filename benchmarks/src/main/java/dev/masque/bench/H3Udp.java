package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

/** {@code h3-udp}. */
@Command(
        name = "h3-udp",
        description = "UDP payloads of 1200 bytes one way through a tunnel over HTTP/3, against kwik's sendDatagram",
        mixinStandardHelpOptions = true)
final class H3Udp extends Benchmark {
    private static final int PAYLOAD = 1200;

    /** How many datagrams are handed to kwik ahead of those that arrived: its queue has no bound, the memory has. */
    private static final long KWIK_AHEAD = 5_000;

    private static final double LOSS = 0.02;
    private static final double ROUND_TRIP = 0.020;
    private static final double LOSSY_OFFERED = 4_000;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        UdpSink sink = lab.keep(new UdpSink());
        Transport transport = lab.transport("kwik");
        Child proxy = lab.proxy("kwik");
        HttpStream tunnel =
                lab.client(transport, proxy, HttpVersion.HTTP_3).openUdp(sink.port(), PAYLOAD, new Tunnel());
        Child server = lab.child("kwik's sendDatagram", true, List.of(), KwikMain.class);
        KwikClient kwik = lab.keep(new KwikClient(server, lab.identity()));
        lab.say("warm-up of " + Report.number(settings().warmup()) + " s");
        greedy(kwik, settings().warmup());
        Offer.make(
                ProxyClient.sender(tunnel, PAYLOAD),
                sink::received,
                Offer.FIRST,
                settings().warmup(),
                true);
        int rounds = Math.max(1, settings().rounds() / 3); // each offers at many rates
        Series plain = new Series();
        Series peaks = new Series();
        Series shares = new Series();
        for (int round = 1; round <= rounds; round++) {
            double stock = greedy(kwik, 3 * settings().seconds());
            Offer best = Offer.peak(
                    ProxyClient.sender(tunnel, PAYLOAD),
                    sink::received,
                    settings().seconds());
            plain.add(stock);
            Offer half = Offer.make(
                    ProxyClient.sender(tunnel, PAYLOAD),
                    sink::received,
                    best.rate() / 2,
                    3 * settings().seconds(),
                    true);
            peaks.add(best.rate());
            shares.add(half.share() * 100);
            lab.say("round " + round + "  kwik " + Report.number(stock) + "/s  masque "
                    + Report.number(best.rate()) + "/s of " + Report.number(best.offered() / best.seconds())
                    + "/s offered, of half the peak " + Report.number(half.share() * 100) + " %");
        }
        report.row("", "datagrams/s", "range", "ratio");
        report.row(server.name(), Report.number(plain.median()), plain.range(), "1.00");
        report.row(proxy.name(), Report.number(peaks.median()), peaks.range(), Report.number(peaks.ratio(plain)));
        report.atLeast("delivered at the peak", peaks.median(), 20_000, "/s");
        report.atLeast("against kwik's sendDatagram", peaks.ratio(plain), 50, "x");
        report.atLeast("delivered at half the peak", shares.median(), 99, " %");
        loss(lab, report, transport, proxy, sink);
    }

    /** Datagrams a second that kwik delivers when there is always one more to send. */
    private static double greedy(KwikClient kwik, double seconds) throws IOException {
        byte[] datagram = new byte[PAYLOAD];
        long before = kwik.delivered();
        long delivered = 0;
        long sent = 0;
        long began = System.nanoTime();
        while (System.nanoTime() - began < seconds * 1e9) {
            for (; sent - delivered < KWIK_AHEAD; sent++) {
                kwik.send(datagram);
            }
            LockSupport.parkNanos(10_000_000);
            delivered = kwik.delivered() - before;
        }
        return delivered / ((System.nanoTime() - began) / 1e9);
    }

    private void loss(Lab lab, Report report, Transport transport, Child proxy, UdpSink sink) throws IOException {
        LossyPath path = lab.keep(new LossyPath(proxy.port(), (long) (ROUND_TRIP / 2 * 1e9), LOSS));
        HttpStream tunnel = lab.keep(
                        ProxyClient.connect(transport, proxy, path.port(), HttpVersion.HTTP_3, lab.identity()))
                .openUdp(sink.port(), PAYLOAD, new Tunnel());
        Offer.make(
                ProxyClient.sender(tunnel, PAYLOAD),
                sink::received,
                LOSSY_OFFERED,
                3 * settings().seconds(),
                false); // slow start is over
        Offer lossy = Offer.make(
                ProxyClient.sender(tunnel, PAYLOAD),
                sink::received,
                LOSSY_OFFERED,
                15 * settings().seconds(),
                false);
        double reno = Math.sqrt(1.5 / LOSS) / ROUND_TRIP;
        report.note("with " + Report.number(LOSS * 100) + " % loss and a round trip of "
                + Report.number(ROUND_TRIP * 1e3) + " ms: " + Report.number(lossy.rate()) + " datagrams/s of "
                + Report.number(lossy.offered() / lossy.seconds()) + " offered; Reno's formula gives "
                + Report.number(reno));
        report.atMost("under loss, against Reno's formula", lossy.rate() / reno, 2, "x");
        report.atLeast("under loss, against Reno's formula", lossy.rate() / reno, 0.3, "x");
    }
}
