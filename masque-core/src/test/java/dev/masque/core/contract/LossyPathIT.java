package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.contract.LossyPath.Weather;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LossyPathIT {
    private static final int PACKETS = 100;
    private static final int LAST = 254;
    private static final int END = 255;

    /** The numbers of packets that arrive of so many, in their order. */
    private static List<Integer> arrivals(Weather weather, long seed) throws IOException {
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                LossyPath path = new LossyPath((InetSocketAddress) server.getLocalSocketAddress(), seed)) {
            path.weather(weather);
            for (int i = 0; i < PACKETS; i++) {
                send(client, path.address(), i);
            }
            send(client, path.address(), LAST);
            while (path.forth().packets() <= PACKETS) { // those before the last are through
                LockSupport.parkNanos(1_000_000);
            }
            List<Integer> numbers = new ArrayList<>();
            path.weather(new Weather(0, 0, 0, Duration.ofMillis(200))); // behind everything that is late
            send(client, path.address(), END);
            for (int next = receive(server).getData()[0] & 0xff; next != END; ) {
                if (next != LAST) {
                    numbers.add(next);
                }
                next = receive(server).getData()[0] & 0xff;
            }
            return numbers;
        }
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(DatagramSocket from, InetSocketAddress to, int number) throws IOException {
        from.send(new DatagramPacket(new byte[] {(byte) number}, 1, to));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1], 1);
        socket.receive(packet);
        return packet;
    }

    @Test
    void inFineWeatherEverythingComesAsItWent() throws Exception {
        assertThat(arrivals(Weather.FINE, 1))
                .containsExactlyElementsOf(IntStream.range(0, PACKETS).boxed().toList());
    }

    @Test
    void theSameSeedLosesTheSamePackets() throws Exception {
        Weather weather = new Weather(0.2, 0, 0, Duration.ZERO);
        List<Integer> first = arrivals(weather, 7);
        assertThat(first).hasSizeBetween(PACKETS / 2, PACKETS - 1).isEqualTo(arrivals(weather, 7));
        assertThat(first).isNotEqualTo(arrivals(weather, 8));
    }

    @Test
    void packetsComeTwiceAndAreOvertaken() throws Exception {
        List<Integer> numbers = arrivals(new Weather(0, 0.2, 0.2, Duration.ofMillis(1)), 3);
        assertThat(numbers).hasSizeGreaterThan(PACKETS);
        assertThat(numbers.stream().distinct()).hasSize(PACKETS);
        assertThat(numbers).isNotEqualTo(numbers.stream().sorted().toList());
    }

    @Test
    void aClosedWayLosesEverythingAndTheOtherNothing() throws Exception {
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                LossyPath path = new LossyPath((InetSocketAddress) server.getLocalSocketAddress(), 1)) {
            send(client, path.address(), 1);
            DatagramPacket request = receive(server);
            path.forth().closed(true);
            send(client, path.address(), 2);
            server.send(request);
            assertThat(receive(client).getData()).containsExactly(1);
            path.forth().closed(false);
            send(client, path.address(), 3);
            assertThat(receive(server).getData()).containsExactly(3);
            assertThat(path.forth().lost()).isOne();
            assertThat(path.forth().packets()).isEqualTo(3);
            assertThat(path.back().bytes()).isOne();
        }
    }

    @Test
    void aServerSeesAnotherAddressAfterARebindingAndStillReachesTheClient() throws Exception {
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                LossyPath path = new LossyPath((InetSocketAddress) server.getLocalSocketAddress(), 1)) {
            send(client, path.address(), 1);
            DatagramPacket old = receive(server);
            path.rebind();
            send(client, path.address(), 2);
            DatagramPacket now = receive(server);
            assertThat(now.getSocketAddress()).isNotEqualTo(old.getSocketAddress());
            server.send(old);
            server.send(now);
            client.setSoTimeout(2_000);
            assertThat(receive(client).getData()).containsExactly(2);
        }
    }
}
