package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    private static final double FIRST = 10_000;
    private static final double STEP = 1.25;
    private static final double LAST = 150_000;
    private static final double OVERLOADED = 0.6;

    /** How many datagrams are handed to kwik ahead of those that arrived: its queue has no bound, the memory has. */
    private static final long KWIK_AHEAD = 5_000;

    private static final double LOSS = 0.02;
    private static final double ROUND_TRIP = 0.020;
    private static final double LOSSY_OFFERED = 4_000;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        UdpSink sink = lab.keep(new UdpSink());
        Transport transport = lab.transport(HttpVersion.HTTP_3);
        Child proxy = lab.proxy(HttpVersion.HTTP_3, true);
        HttpStream tunnel = open(lab.client(transport, proxy, HttpVersion.HTTP_3), sink);
        Child server = lab.child("kwik's sendDatagram", true, List.of(), KwikMain.class);
        KwikClient kwik = lab.keep(new KwikClient(server, lab.identity()));
        lab.say("warm-up of " + Report.number(settings().warmup()) + " s");
        greedy(kwik, settings().warmup());
        Offer.make(sender(tunnel), sink::received, FIRST, settings().warmup(), true);
        int rounds = Math.max(1, settings().rounds() / 3); // each offers at many rates
        Series plain = new Series();
        Series peaks = new Series();
        Series shares = new Series();
        for (int round = 1; round <= rounds; round++) {
            double stock = greedy(kwik, 3 * settings().seconds());
            Offer best = peak(sender(tunnel), sink);
            plain.add(stock);
            Offer half = Offer.make(
                    sender(tunnel),
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

    private static HttpStream open(ProxyClient client, UdpSink sink) throws IOException {
        Tunnel tunnel = new Tunnel();
        HeaderFields.Builder fields = HeaderFields.builder().add("capsule-protocol", "?1");
        client.subject().fields().forEach(field -> fields.add(field.name(), field.value()));
        String path = UdpTemplate.DEFAULT.expand(Target.of("127.0.0.1", sink.port()));
        HttpStream stream =
                client.session().open(RequestHead.connectUdp("localhost", path, fields.build()), made -> tunnel);
        ProxyClient.await(tunnel.established());
        stream.resume();
        if (stream.maxDatagramSize() < PAYLOAD + 1) {
            throw new IOException("datagrams of " + stream.maxDatagramSize() + " bytes only");
        }
        return stream;
    }

    private static Offer.Sender sender(HttpStream tunnel) {
        ByteBuffer datagram = ByteBuffer.allocate(1 + PAYLOAD); // context id 0
        return () -> {
            boolean taken = tunnel.sendDatagram(datagram.duplicate());
            tunnel.flush();
            return taken;
        };
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

    /** Offers more and more until much is dropped; the most that was delivered. */
    private Offer peak(Offer.Sender sender, UdpSink sink) throws IOException {
        Offer best = Offer.make(sender, sink::received, FIRST, settings().seconds(), true);
        for (double rate = FIRST * STEP; rate < LAST; rate *= STEP) {
            Offer next = Offer.make(sender, sink::received, rate, settings().seconds(), true);
            best = next.rate() > best.rate() ? next : best;
            if (next.rate() < OVERLOADED * rate) {
                break;
            }
        }
        return best;
    }

    private void loss(Lab lab, Report report, Transport transport, Child proxy, UdpSink sink) throws IOException {
        LossyPath path = lab.keep(new LossyPath(proxy.port(), (long) (ROUND_TRIP / 2 * 1e9), LOSS));
        HttpStream tunnel = open(
                lab.keep(ProxyClient.connect(transport, proxy, path.port(), HttpVersion.HTTP_3, lab.identity())), sink);
        Offer.make(
                sender(tunnel), sink::received, LOSSY_OFFERED, 3 * settings().seconds(), false); // slow start is over
        Offer lossy = Offer.make(
                sender(tunnel), sink::received, LOSSY_OFFERED, 15 * settings().seconds(), false);
        double reno = Math.sqrt(1.5 / LOSS) / ROUND_TRIP;
        report.note("with " + Report.number(LOSS * 100) + " % loss and a round trip of "
                + Report.number(ROUND_TRIP * 1e3) + " ms: " + Report.number(lossy.rate()) + " datagrams/s of "
                + Report.number(lossy.offered() / lossy.seconds()) + " offered; Reno's formula gives "
                + Report.number(reno));
        report.atMost("under loss, against Reno's formula", lossy.rate() / reno, 2, "x");
        report.atLeast("under loss, against Reno's formula", lossy.rate() / reno, 0.3, "x");
    }
}
