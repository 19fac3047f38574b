package dev.masque.examples.interop;

import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import java.io.IOException;
import java.net.Socket;

/** Our client, on one of the transports. */
final class OurTestedClient implements TestedClient {
    private final OurClient client;

    OurTestedClient(String transport, int port, TestAuthority authority) {
        client = OurClient.of(
                "localhost:" + port, authority, HttpVersion.HTTP_3, OurProxy.KEY, Http3Transport.with(transport));
    }

    @Override
    public byte[] echo(String target, byte[] bytes, Runnable amid) throws Exception {
        try (Socket socket = client.tcp(target)) {
            amid.run();
            var sending = ThroughPeer.inBackground(() -> {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            });
            byte[] echoed = socket.getInputStream().readAllBytes();
            sending.join();
            return echoed;
        }
    }

    @Override
    public int datagrams(String target, int count, int size) throws Exception {
        try (UdpTunnel tunnel = client.udp(target)) {
            return Bursts.exchange(count, size, tunnel::send, tunnel::receive);
        }
    }

    @Override
    public void reset(String target, Runnable afterwards) throws Exception {
        Socket socket = client.tcp(target);
        socket.getOutputStream().write(1);
        socket.getInputStream().readNBytes(1);
        socket.setSoLinger(true, 0);
        socket.close();
        afterwards.run();
    }

    @Override
    public boolean isReset(String target) throws Exception {
        try (Socket socket = client.tcp(target)) {
            socket.getOutputStream().write(1);
            socket.getInputStream().readAllBytes();
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
