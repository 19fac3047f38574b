package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million datagrams of 1200 bytes in a row. */
@Timeout(240)
class LongRunIT {
    private static final RequestHead UDP = RequestHead.connectUdp("localhost", "/masque", HeaderFields.empty());
    private static final int COUNT = 1_000_000;
    private static final int TENTH = COUNT / 10;

    /** At most so many are on their way, so that hardly any is dropped. */
    private static final int UNDER_WAY = 200;

    /** Counts, and counts what overtook another. */
    private static final class Counter implements SessionHandler {
        final AtomicLong received = new AtomicLong();
        final AtomicLong overtaken = new AtomicLong();
        volatile int highest = -1;

        @Override
        public StreamHandler request(HttpStream stream) {
            stream.respond(new ResponseHead(200, HeaderFields.empty()));
            stream.resume();
            return new RecordingStream() {
                @Override
                public void datagram(ByteBuffer payload) {
                    int number = payload.getInt(1);
                    received.incrementAndGet();
                    if (number < highest) {
                        overtaken.incrementAndGet();
                    } else {
                        highest = number;
                    }
                }
            };
        }
    }

    @Test
    void theLastAreAsQuickAsTheFirst() throws Exception {
        Counter server = new Counter();
        try (Loopback loopback = new Loopback(server)) {
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = loopback.connect().open(UDP, s -> events);
            events.response.get(10, TimeUnit.SECONDS);
            ByteBuffer payload = ByteBuffer.allocate(1_201);
            long[] tenths = new long[10];
            for (int tenth = 0; tenth < 10; tenth++) {
                long start = System.nanoTime();
                for (int i = tenth * TENTH; i < (tenth + 1) * TENTH; i++) {
                    assertThat(tunnel.sendDatagram(payload.putInt(1, i))).isTrue();
                    long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100); // for those that got lost
                    while (i - server.highest > UNDER_WAY && System.nanoTime() < patience) {
                        LockSupport.parkNanos(20_000);
                    }
                }
                tenths[tenth] = System.nanoTime() - start;
            }
            assertThat(server.received.get()).isGreaterThan(COUNT * 95L / 100);
            assertThat(tenths[9]).isLessThan(4 * Math.max(tenths[0], TimeUnit.SECONDS.toNanos(1)));
            assertThat(server.overtaken.get()).isZero();
        }
    }
}
