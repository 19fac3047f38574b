package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A session with a proxy, by the transport that our client uses, without the client around it; the same for every proxy. */
final class ProxyClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final Duration CONNECTING = Duration.ofSeconds(30);

    private final Subject subject;
    private final HttpSession session;

    private ProxyClient(Subject subject, HttpSession session) {
        this.subject = subject;
        this.session = session;
    }

    static ProxyClient connect(Transport transport, Subject subject, HttpVersion version, Identity identity)
            throws IOException {
        return connect(transport, subject, subject.port(), version, identity);
    }

    /** Connects to another port, where something passes the packets on. */
    static ProxyClient connect(Transport transport, Subject subject, int port, HttpVersion version, Identity identity)
            throws IOException {
        return new ProxyClient(subject, await(session(transport, port, version, identity)));
    }

    /** Connects, and leaves the session to the caller. */
    static CompletableFuture<HttpSession> session(
            Transport transport, int port, HttpVersion version, Identity identity) {
        ConnectOptions options = new ConnectOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                "localhost",
                List.of(version),
                identity.trust(),
                CONNECTING,
                SessionLimits.defaults().withTimeouts(CONNECTING, Duration.ofHours(1)));
        return transport.connect(options, new Requests()).toCompletableFuture();
    }

    Subject subject() {
        return subject;
    }

    HttpSession session() {
        return session;
    }

    /** Opens a TCP tunnel. */
    HttpStream open(String target, Function<? super HttpStream, ? extends StreamHandler> handler) {
        return session.open(RequestHead.connect(target, subject.fields()), handler);
    }

    /** Opens a TCP tunnel and waits until it stands. */
    HttpStream openAndWait(String target, Tunnel tunnel) throws IOException {
        HttpStream stream = open(target, made -> tunnel);
        await(tunnel.established());
        return stream;
    }

    /** Opens a UDP tunnel to a port of loopback and waits until it stands. */
    HttpStream openUdp(int port, int payload, Tunnel tunnel) throws IOException {
        HeaderFields.Builder fields = HeaderFields.builder().add("capsule-protocol", "?1");
        subject.fields().forEach(field -> fields.add(field.name(), field.value()));
        String path = UdpTemplate.DEFAULT.expand(Target.of("127.0.0.1", port));
        HttpStream stream = session.open(RequestHead.connectUdp("localhost", path, fields.build()), made -> tunnel);
        await(tunnel.established());
        stream.resume();
        if (stream.maxDatagramSize() < payload + 1) {
            throw new IOException("datagrams of " + stream.maxDatagramSize() + " bytes only");
        }
        return stream;
    }

    /** Sends payloads of that size into a UDP tunnel, each with a larger number in front than the one before. */
    static Offer.Sender sender(HttpStream tunnel, int payload) {
        ByteBuffer datagram = ByteBuffer.allocate(1 + payload); // context id 0
        return () -> {
            boolean taken =
                    tunnel.sendDatagram(datagram.putLong(1, System.nanoTime()).duplicate());
            tunnel.flush();
            return taken;
        };
    }

    static <T> T await(CompletableFuture<T> future) throws IOException {
        return await(future, PATIENCE_SECONDS);
    }

    static <T> T await(CompletableFuture<T> future, long seconds) throws IOException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("nothing after " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        session.close();
    }

    /** A client gets no requests. */
    private static final class Requests implements SessionHandler {
        @Override
        public StreamHandler request(HttpStream stream) {
            throw new IllegalStateException("a request to a client");
        }
    }
}
