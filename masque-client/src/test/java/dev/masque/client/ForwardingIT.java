package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.core.Target;
import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On loopback sockets: what is forwarded comes from there. */
@Timeout(60)
class ForwardingIT {
    private static final Target TARGET = Target.of("db.example", 5432);

    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    @AutoClose
    private final MasqueClient client = Clients.to(proxy)
            .limits(ClientLimits.defaults().withMaxForwarded(2))
            .build();

    private static Socket connect(Forwarding forwarding) throws IOException {
        Socket socket = new Socket();
        socket.connect(forwarding.localAddress(), 5_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void listensOnLoopbackUnlessToldOtherwise() throws Exception {
        try (Forwarding tcp = client.forwardTcp(0, TARGET);
                Forwarding udp = client.forwardUdp(0, TARGET)) {
            assertThat(tcp.localAddress().getAddress().isLoopbackAddress()).isTrue();
            assertThat(udp.localAddress().getAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void connectionsGoThroughTunnels() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (Forwarding forwarding = client.forwardTcp(0, TARGET);
                Socket socket = connect(forwarding)) {
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            byte[] received = socket.getInputStream().readAllBytes();
            writer.join();

            assertThat(Arrays.equals(received, sent)).isTrue();
            assertThat(proxy.streams.get(0).request().authority()).isEqualTo("db.example:5432");
        }
    }

    @Test
    void eachDirectionEndsAlone() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (Forwarding forwarding = client.forwardTcp(0, TARGET);
                Socket socket = connect(forwarding)) {
            until(() -> proxy.streams.size() == 1);
            ProxiedStream stream = proxy.streams.get(0);
            stream.replyEnd();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.getOutputStream().write("still".getBytes(UTF_8));
            socket.shutdownOutput();
            stream.clientEnded.get();

            assertThat(new String(stream.arrived(), UTF_8)).isEqualTo("still");
            until(stream::isOver);
        }
    }

    @Test
    void aRefusedTunnelIsAResetConnection() throws Exception {
        proxy.onRequest = stream -> stream.refuse(502);
        try (Forwarding forwarding = client.forwardTcp(0, TARGET);
                Socket socket = connect(forwarding)) {
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.getInputStream().read());
        }
    }

    @Test
    void aBrokenTunnelIsAResetConnection() throws Exception {
        try (Forwarding forwarding = client.forwardTcp(0, TARGET);
                Socket socket = connect(forwarding)) {
            until(() -> proxy.streams.size() == 1);
            proxy.streams.get(0).resets(ResetReason.CONNECT_ERROR);

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.getInputStream().read());
        }
    }

    @Test
    void aResetConnectionIsAResetTunnel() throws Exception {
        try (Forwarding forwarding = client.forwardTcp(0, TARGET)) {
            Socket socket = connect(forwarding);
            until(() -> proxy.streams.size() == 1);
            socket.setSoLinger(true, 0);
            socket.close();

            assertThat(proxy.streams.get(0).clientReset.get()).isEqualTo(ResetReason.CANCEL);
        }
    }

    @Test
    void connectionsAreBounded() throws Exception {
        try (Forwarding forwarding = client.forwardTcp(0, TARGET);
                Socket first = connect(forwarding);
                Socket second = connect(forwarding);
                Socket third = connect(forwarding)) {
            until(() -> proxy.streams.size() == 2);
            first.close();
            third.getOutputStream().write(9);

            assertThat(third.getInputStream().read()).isEqualTo(9);
            assertThat(second.isConnected()).isTrue();
        }
    }

    @Test
    void closeEndsThePortAndTheConnections() throws Exception {
        Forwarding forwarding = client.forwardTcp(0, TARGET);
        try (Socket socket = connect(forwarding)) {
            until(() -> proxy.streams.size() == 1);
            forwarding.close();
            forwarding.close();

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.getInputStream().read());
            try (Socket other = connect(forwarding)) {
                other.getOutputStream().write(1); // another program may have the port by now
            } catch (IOException refused) {
                assertThat(refused).isInstanceOf(SocketException.class);
            }
            assertThat(proxy.streams).hasSize(1);
        }
    }

    @Test
    void aPortThatIsTakenIsAFailure() throws Exception {
        try (Forwarding forwarding = client.forwardTcp(0, TARGET)) {
            InetSocketAddress taken = forwarding.localAddress();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.forwardTcp(taken, TARGET));
        }
    }

    private static DatagramSocket source(Forwarding forwarding) throws SocketException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.connect(forwarding.localAddress());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte echo(DatagramSocket socket, int value) throws IOException {
        socket.send(new DatagramPacket(new byte[] {(byte) value}, 1));
        DatagramPacket answer = new DatagramPacket(new byte[10], 10);
        socket.receive(answer);
        assertThat(answer.getLength()).isEqualTo(1);
        return answer.getData()[0];
    }

    /** Where what is sent is lost when the tunnel ends meanwhile. */
    private static void echoAtLast(DatagramSocket socket, int value) throws Exception {
        socket.setSoTimeout(200);
        until(() -> {
            try {
                return echo(socket, value) == value;
            } catch (SocketTimeoutException e) {
                return false;
            }
        });
    }

    @Test
    void eachSourceOfDatagramsHasATunnel() throws Exception {
        try (Forwarding forwarding = client.forwardUdp(0, TARGET);
                DatagramSocket one = source(forwarding);
                DatagramSocket two = source(forwarding)) {
            assertThat(echo(one, 1)).isEqualTo((byte) 1);
            assertThat(echo(two, 2)).isEqualTo((byte) 2);
            assertThat(echo(one, 3)).isEqualTo((byte) 3);
            assertThat(proxy.streams).hasSize(2);
        }
    }

    @Test
    void theSourceThatWasSilentForLongestMakesRoom() throws Exception {
        try (Forwarding forwarding = client.forwardUdp(0, TARGET);
                DatagramSocket one = source(forwarding);
                DatagramSocket two = source(forwarding);
                DatagramSocket three = source(forwarding)) {
            echo(one, 1);
            echo(two, 2);
            echo(one, 1);
            echo(three, 3);
            proxy.streams.get(1).clientEnded.get();
            echo(one, 1);

            assertThat(proxy.streams).hasSize(3);
        }
    }

    @Test
    void aSilentSourceLosesItsTunnel() throws Exception {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Forwarding forwarding = client.forwardUdp(local, TARGET, Duration.ofMillis(40));
                DatagramSocket one = source(forwarding)) {
            echoAtLast(one, 1);
            proxy.streams.get(0).clientEnded.get();

            echoAtLast(one, 2);
        }
    }

    @Test
    void aSourceWhoseTunnelBrokeGetsAnother() throws Exception {
        try (Forwarding forwarding = client.forwardUdp(0, TARGET);
                DatagramSocket one = source(forwarding)) {
            echo(one, 1);
            proxy.streams.get(0).resets(ResetReason.CONNECT_ERROR);
            echoAtLast(one, 2);
            assertThat(proxy.streams).hasSize(2);
        }
    }

    @Test
    void theCloseOfTheClientClosesForwardings() throws Exception {
        Forwarding forwarding = client.forwardUdp(0, TARGET);
        client.close();
        try (DatagramSocket socket = new DatagramSocket(forwarding.localAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }
}
