package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Much data, with everything read and sent back. */
@Timeout(480)
class BulkIT {
    private static final RequestHead TUNNEL = RequestHead.connect("target.example:443", HeaderFields.empty());

    @RepeatedTest(2)
    void aTunnelCarriesMuchBothWays() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            transfer(loopback.connect(), 1, 256L << 20);
        }
    }

    @RepeatedTest(2)
    void fiftyTunnelsAtOnceCarryMuchBothWays() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            transfer(loopback.connect(), 50, 4L << 20);
        }
    }

    private static void transfer(HttpSession session, int streams, long bytes) throws Exception {
        List<Bulk> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            int seed = i;
            session.open(TUNNEL, stream -> {
                all.add(new Bulk(stream, bytes, seed));
                return all.get(seed);
            });
            all.get(i).start();
        }
        for (Bulk bulk : all) {
            assertThat(bulk.closed.get(400, TimeUnit.SECONDS)).isNull();
            assertThat(bulk.isWhole()).isTrue();
        }
    }
}
