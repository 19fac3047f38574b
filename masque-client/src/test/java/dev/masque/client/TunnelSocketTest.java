package dev.masque.client;

import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TunnelSocketTest {
    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    @AutoClose
    private final MasqueClient client = Clients.to(proxy).build();

    private ProxiedStream stream() {
        return proxy.streams.get(0);
    }

    @Test
    void looksConnected() throws Exception {
        try (Socket socket = client.openTcp("db.example", 5432).asSocket()) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.isBound()).isTrue();
            assertThat(socket.isClosed()).isFalse();
            assertThat(socket.getPort()).isEqualTo(5432);
            assertThat(socket.getChannel()).isNull();
            assertThat(socket.getLocalPort()).isPositive();
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.bind(null));
        }
    }

    @Test
    void hasTheNameOfTheTargetAndResolvesNothing() throws Exception {
        try (Socket socket = client.openTcp("no-such-name.invalid", 5432).asSocket()) {
            assertThat(socket.getInetAddress().getHostName()).isEqualTo("no-such-name.invalid");
            assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("192.0.0.8");
            assertThat(socket.getRemoteSocketAddress())
                    .isEqualTo(InetSocketAddress.createUnresolved("no-such-name.invalid", 5432));
            assertThat(socket.toString()).doesNotContain("no-such-name");
        }
    }

    @Test
    void hasTheAddressOfATargetThatIsOne() throws Exception {
        try (Socket socket = client.openTcp("2001:db8::7", 5432).asSocket()) {
            assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getByName("2001:db8::7"));
            assertThat(((InetSocketAddress) socket.getRemoteSocketAddress()).isUnresolved())
                    .isFalse();
        }
    }

    @Test
    void carriesBytesAndHalfCloses() throws Exception {
        try (Socket socket = client.openTcp("db.example", 5432).asSocket()) {
            socket.getOutputStream().write("abc".getBytes(UTF_8));
            socket.shutdownOutput();

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("abc".getBytes(UTF_8));
            assertThat(socket.isOutputShutdown()).isTrue();
            assertThatExceptionOfType(SocketException.class).isThrownBy(socket::getOutputStream);
        }
    }

    @Test
    void shutdownOfTheInputDropsWhatCame() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (Socket socket = client.openTcp("db.example", 5432).asSocket()) {
            var input = socket.getInputStream();
            CompletableFuture<Void> reader =
                    inBackground(() -> assertThat(input.read()).isEqualTo(-1));
            socket.shutdownInput();
            reader.get();
            stream().reply(new byte[100]);

            assertThat(input.read()).isEqualTo(-1);
            assertThat(socket.isInputShutdown()).isTrue();
        }
    }

    @Test
    void timesOut() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (Socket socket = client.openTcp("db.example", 5432).asSocket()) {
            socket.setSoTimeout(20);
            assertThat(socket.getSoTimeout()).isEqualTo(20);

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> socket.getInputStream().read());
        }
    }

    @Test
    void takesTheOptionsThatDriversSet() throws Exception {
        try (Socket socket = client.openTcp("db.example", 5432).asSocket()) {
            socket.setTcpNoDelay(false);
            socket.setKeepAlive(true);
            socket.setReceiveBufferSize(1000);
            socket.setSendBufferSize(2000);
            socket.setTrafficClass(8);
            socket.setReuseAddress(true);
            socket.setOOBInline(false);
            socket.setPerformancePreferences(1, 2, 3);
            socket.setSoLinger(true, 5);

            assertThat(socket.getTcpNoDelay()).isFalse();
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getReceiveBufferSize()).isEqualTo(1000);
            assertThat(socket.getSendBufferSize()).isEqualTo(2000);
            assertThat(socket.getTrafficClass()).isEqualTo(8);
            assertThat(socket.getReuseAddress()).isTrue();
            assertThat(socket.getSoLinger()).isEqualTo(5);
            for (SocketOption<?> option : socket.supportedOptions()) {
                assertThat(socket.getOption(option)).isNotNull();
            }
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3));
        }
    }

    @Test
    void isClosedWhateverIsClosed() throws Exception {
        TcpTunnel first = client.openTcp("db.example", 5432);
        first.asSocket().getInputStream().close();
        TcpTunnel second = client.openTcp("db.example", 5432);
        second.asSocket().close();
        second.asSocket().close();

        assertThat(first.asSocket().isClosed()).isTrue();
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isTrue();
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> second.asSocket().setSoTimeout(1));
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> second.asSocket().getInputStream());
    }

    @Test
    void aLingerOfZeroMakesTheCloseAReset() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        Socket socket = client.openTcp("db.example", 5432).asSocket();
        socket.setSoLinger(true, 0);
        socket.close();

        assertThat(stream().clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }

    @Test
    void datagramsGoThroughASocketToo() throws Exception {
        try (DatagramSocket socket = client.openUdp("dns.example", 53).asDatagramSocket()) {
            byte[] payload = {1, 2, 3};
            socket.send(new DatagramPacket(payload, 3));
            socket.send(new DatagramPacket(payload, 1, 2, socket.getRemoteSocketAddress()));
            DatagramPacket packet = new DatagramPacket(new byte[2], 2);
            socket.receive(packet);

            assertThat(packet.getData()).containsExactly(1, 2); // cut, as UDP does
            assertThat(packet.getPort()).isEqualTo(53);
            assertThat(packet.getAddress().getHostName()).isEqualTo("dns.example");
            socket.receive(packet);
            assertThat(packet.getData()).containsExactly(2, 3);
        }
    }

    @Test
    void aDatagramSocketHasOneTarget() throws Exception {
        try (DatagramSocket socket = client.openUdp("dns.example", 53).asDatagramSocket()) {
            InetAddress other = InetAddress.getLoopbackAddress();
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.isBound()).isTrue();
            socket.connect(InetSocketAddress.createUnresolved("dns.example", 53));
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.connect(new InetSocketAddress(other, 53)));
            assertThatThrownBy(() -> socket.send(new DatagramPacket(new byte[1], 1, other, 53)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aDatagramSocketTimesOutAndCloses() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        DatagramSocket socket = client.openUdp("dns.example", 53).asDatagramSocket();
        socket.setSoTimeout(20);
        DatagramPacket packet = new DatagramPacket(new byte[1], 1);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.receive(packet));
        socket.setSoTimeout(0);
        CompletableFuture<Void> receiving = inBackground(() -> socket.receive(packet));
        socket.close();

        assertThatThrownBy(receiving::get).hasRootCauseInstanceOf(IOException.class);
        assertThat(socket.isClosed()).isTrue();
        until(() -> stream().clientEnded.isDone());
    }

    @Test
    void aDatagramSocketTakesTheUsualOptions() throws Exception {
        try (DatagramSocket socket = client.openUdp("dns.example", 53).asDatagramSocket()) {
            socket.setSendBufferSize(1000);
            socket.setReceiveBufferSize(2000);
            socket.setBroadcast(true);
            socket.setTrafficClass(4);
            socket.setReuseAddress(true);

            assertThat(socket.getSendBufferSize()).isEqualTo(1000);
            assertThat(socket.getReceiveBufferSize()).isEqualTo(2000);
            assertThat(socket.getBroadcast()).isTrue();
            assertThat(socket.getTrafficClass()).isEqualTo(4);
            assertThat(socket.getReuseAddress()).isTrue();
            assertThat(socket.getOption(StandardSocketOptions.SO_SNDBUF)).isEqualTo(1000);
        }
    }
}
