package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP Datagrams in QUIC DATAGRAM frames. */
@Timeout(120)
class DatagramIT {
    private static final RequestHead UDP = RequestHead.connectUdp("localhost", "/masque", HeaderFields.empty());

    @Test
    void aBurstKeepsItsOrder() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = loopback.connect().open(UDP, s -> events);
            events.response.get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 200; i++) {
                assertThat(tunnel.sendDatagram(ByteBuffer.allocate(8).putInt(0, i)))
                        .isTrue();
            }
            int last = -1;
            int count = 0;
            for (byte[] one = events.datagrams.poll(5, TimeUnit.SECONDS);
                    one != null && last < 199;
                    one = events.datagrams.poll(2, TimeUnit.SECONDS)) {
                int number = ByteBuffer.wrap(one).getInt();
                assertThat(number).isGreaterThanOrEqualTo(last);
                last = number;
                count++;
                if (last == 199) {
                    break;
                }
            }
            assertThat(count).isGreaterThan(190);
        }
    }

    @Test
    void fullDatagramsPassAtSpeed() throws Exception {
        SinkServer server = new SinkServer();
        try (Loopback loopback = new Loopback(server)) {
            RecordingStream events = new RecordingStream();
            HttpStream tunnel = loopback.connect().open(UDP, s -> events);
            events.response.get(10, TimeUnit.SECONDS);
            byte[] payload = new byte[1201];
            int count = 200_000;
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                tunnel.sendDatagram(ByteBuffer.wrap(payload));
                long due = start + i * 25_000L; // 40,000 a second
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(50_000);
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (server.received.get() < count && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(server.received.get() / seconds).isGreaterThan(5_000);
        }
    }
}
