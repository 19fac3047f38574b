package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code h3-bulk}. */
@Command(
        name = "h3-bulk",
        description = "one tunnel over HTTP/3 to its end, against a stream of kwik without a proxy",
        mixinStandardHelpOptions = true)
final class H3Bulk extends Benchmark {
    private static final long PATIENCE_SECONDS = 120;
    private static final int ATTEMPTS = 20;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            description = "Bytes through the proxy in all measured rounds of both directions"
                    + " (default: 1073741824, quick: 67108864).")
    private long bytes;

    private int stalls;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        long all = bytes > 0 ? bytes : settings().quick() ? 64 << 20 : 1 << 30;
        long each = Math.max(1, all / 2 / settings().rounds());
        Child server = lab.child("kwik alone", true, List.of(), KwikMain.class);
        KwikClient kwik = lab.keep(new KwikClient(server, lab.identity()));
        Child proxy = lab.proxy("kwik");
        Targets targets = lab.targets();
        ProxyClient client = lab.client(lab.transport("kwik"), proxy, HttpVersion.HTTP_3);
        Subjects downloads =
                new Subjects(again(kwik, () -> kwik.download(each)), () -> download(client, targets, each));
        Subjects uploads = new Subjects(again(kwik, () -> kwik.upload(each)), () -> upload(client, targets, each));
        Map<Transfer, Series> downs = lab.interleave("download, MiB/s", downloads.list(), (it, seconds) -> it.rate());
        Map<Transfer, Series> ups = lab.interleave("upload, MiB/s", uploads.list(), (it, seconds) -> it.rate());
        List<Series> down = List.copyOf(downs.values());
        List<Series> up = List.copyOf(ups.values());
        report.bothWays(List.of(server.name(), proxy.name()), down, up);
        report.atLeast("through the proxy, download", down.get(1).ratio(down.get(0)), 0.8, "x");
        report.atLeast("through the proxy, upload", up.get(1).ratio(up.get(0)), 0.8, "x");
        report.note(Report.number(each * 2.0 * settings().rounds() / Bulk.MIB)
                + " MiB came through the proxy to the last byte, in streams of " + Report.number(each / Bulk.MIB)
                + " MiB; transfers of kwik alone that hung and were made again: " + stalls);
    }

    private interface Transfer {
        double rate() throws IOException;
    }

    /**
     * The two that are compared.
     *
     * @param kwik without a proxy
     * @param proxy with ours
     */
    private record Subjects(Transfer kwik, Transfer proxy) {
        List<Transfer> list() {
            return List.of(kwik, proxy);
        }
    }

    /** Kwik alone may hang: that is measured again, on a new connection. Ours may not. */
    private Transfer again(KwikClient kwik, Transfer transfer) {
        return () -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    return transfer.rate();
                } catch (IOException e) {
                    stalls++;
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                    kwik.reconnect();
                }
            }
        };
    }

    private static double download(ProxyClient client, Targets targets, long bytes) throws IOException {
        long began = System.nanoTime();
        Tunnel tunnel = new Tunnel();
        HttpStream stream = client.openAndWait(targets.source(), tunnel);
        stream.resume();
        stream.write(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes));
        stream.end();
        ProxyClient.await(tunnel.ended(), PATIENCE_SECONDS);
        return Bulk.rate(bytes, tunnel.received(), began);
    }

    private static double upload(ProxyClient client, Targets targets, long bytes) throws IOException {
        long began = System.nanoTime();
        ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
        Bulk.Pump pump = new Bulk.Pump(bytes) {
            @Override
            public void data(ByteBuffer data) {
                answer.put(data);
            }
        };
        HttpStream stream = client.openAndWait(targets.sink(), pump);
        stream.resume();
        stream.executor().execute(() -> pump.start(stream));
        ProxyClient.await(pump.ended(), PATIENCE_SECONDS);
        return Bulk.rate(bytes, answer.getLong(0), began);
    }
}
