package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A client on quiche, by Netty's codec for HTTP/3. */
final class NettyTestedClient implements TestedClient {
    private static final int REQUEST_CANCELLED = 0x10c;
    private static final long CONNECT_ERROR = 0x10f;

    private final QuicheConnection connection;

    NettyTestedClient(int port, TestAuthority authority) throws Exception {
        connection = new QuicheConnection(port, authority.authority());
    }

    private QuicheStream tunnel(String target) throws Exception {
        Map<String, String> head = new LinkedHashMap<>();
        head.put(":method", "CONNECT");
        head.put(":authority", target);
        return open(head);
    }

    private QuicheStream open(Map<String, String> head) throws Exception {
        head.put("proxy-authorization", "Preshared " + OurProxy.KEY);
        QuicheStream stream = connection.open(head);
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    @Override
    public byte[] echo(String target, byte[] bytes, Runnable amid) throws Exception {
        QuicheStream stream = tunnel(target);
        amid.run();
        stream.send(bytes);
        stream.end();
        return stream.content();
    }

    @Override
    public int datagrams(String target, int count, int size) throws Exception {
        Map<String, String> head = new LinkedHashMap<>();
        head.put(":method", "CONNECT");
        head.put(":protocol", "connect-udp");
        head.put(":scheme", "https");
        head.put(":authority", "localhost");
        head.put(":path", "/.well-known/masque/udp/" + target.replace(':', '/') + "/");
        head.put("capsule-protocol", "?1");
        QuicheStream stream = open(head);
        return Bursts.exchange(
                count,
                size,
                payload -> connection.sendDatagram(
                        stream,
                        ByteBuffer.allocate(1 + size).position(1).put(payload).array()),
                patience -> receive(stream, patience));
    }

    private static Optional<ByteBuffer> receive(QuicheStream stream, Duration patience) throws InterruptedException {
        byte[] datagram = stream.datagrams.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return datagram == null
                ? Optional.empty()
                : Optional.of(ByteBuffer.wrap(datagram, 1, datagram.length - 1).slice());
    }

    @Override
    public void reset(String target, Runnable afterwards) throws Exception {
        QuicheStream stream = tunnel(target);
        stream.send(new byte[1]);
        Objects.requireNonNull(stream.channel()).shutdown(REQUEST_CANCELLED).sync();
        afterwards.run();
    }

    @Override
    public boolean isReset(String target) throws Exception {
        QuicheStream stream = tunnel(target);
        stream.send(new byte[1]);
        return stream.reset() == CONNECT_ERROR;
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
