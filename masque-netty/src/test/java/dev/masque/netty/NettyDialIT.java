package dev.masque.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.ResetReason;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** TCP towards plain JDK sockets: how a connection is made, and why not. */
@ParameterizedClass(name = "{0}")
@EnumSource(SocketKind.class)
@Timeout(60)
class NettyDialIT extends TcpFixture {
    NettyDialIT(SocketKind kind) {
        super(kind);
    }

    @Test
    void aClosedPortIsConnectionRefused() throws Exception {
        InetSocketAddress address = address();
        server.close();

        assertThat(failure(address, PLAIN).type()).isEqualTo(ProxyErrorType.CONNECTION_REFUSED);
    }

    @Test
    void aTargetThatDoesNotAnswerIsConnectionTimeout() throws Exception {
        try (FullBacklog target = new FullBacklog()) {
            DialOptions hasty = new DialOptions(null, Duration.ofMillis(300), null);

            assertThat(failure(target.address, hasty).type()).isEqualTo(ProxyErrorType.CONNECTION_TIMEOUT);
        }
    }

    @Test
    void cancellingStopsTheAttempt() throws Exception {
        try (FullBacklog target = new FullBacklog()) {
            var attempt = network.connectTcp(target.address, PLAIN, made -> new RecordingTcp())
                    .toCompletableFuture();

            assertThat(attempt.cancel(true)).isTrue();

            long deadline = System.nanoTime() + SECONDS.toNanos(5);
            while (network.open() > 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aNetworkWithoutRouteIsUnroutable() throws Exception {
        // 240/4 is refused by the system itself; what it says differs
        InetSocketAddress reserved = new InetSocketAddress(address("ff0e::1"), 9);

        assertThat(failure(reserved, PLAIN).type())
                .isIn(ProxyErrorType.DESTINATION_IP_UNROUTABLE, ProxyErrorType.DESTINATION_UNAVAILABLE);
    }

    @Test
    void theSourceAddressIsUsed() throws Exception {
        Connection c = connect(from("127.0.0.2"));

        assertThat(c.peer().getInetAddress()).isEqualTo(address("127.0.0.2"));
    }

    @Test
    void aForeignSourceAddressIsNotAvailable() throws Exception {
        assertThat(failure(address(), from("192.0.2.1")).type()).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
    }

    @Test
    void aSourceAddressOfTheOtherFamilyIsNotAvailable() throws Exception {
        assertThat(failure(address(), from("::1")).type()).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
    }

    @Test
    void ipv6Works() throws Exception {
        try (ServerSocket six = new ServerSocket(0, 50, address("::1"))) {
            InetSocketAddress address = new InetSocketAddress(six.getInetAddress(), six.getLocalPort());
            ByteStream stream = network.connectTcp(address, PLAIN, made -> new RecordingTcp())
                    .toCompletableFuture()
                    .get(10, SECONDS);
            try (Socket peer = six.accept()) {
                stream.end();
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void theConnectionLivesOnTheLoopOfItsSession() throws Exception {
        for (SocketKind other : SocketKind.values()) {
            EventLoopGroup session = Groups.of(other);
            try {
                var loop = session.next();
                Connection c = connect(new DialOptions(null, Duration.ofSeconds(5), loop));

                assertThat(c.stream().executor()).isSameAs(loop);
                c.stream().reset(ResetReason.CANCEL);
                c.handler().failure();
            } finally {
                session.shutdownGracefully(0, 1, SECONDS).await(5, SECONDS);
            }
        }
    }

    @Test
    void anExecutorThatIsNoLoopIsNotUsed() throws Exception {
        Connection c = connect(new DialOptions(null, Duration.ofSeconds(5), Runnable::run));

        CompletableFuture<String> thread = new CompletableFuture<>();
        c.stream()
                .executor()
                .execute(() -> thread.complete(Thread.currentThread().getName()));

        assertThat(thread.get(20, SECONDS)).isNotEqualTo(Thread.currentThread().getName());
    }

    private static DialOptions from(String source) throws IOException {
        return new DialOptions(address(source), Duration.ofSeconds(5), null);
    }

    private static InetAddress address(String literal) throws IOException {
        return InetAddress.getAllByName(literal)[0];
    }

    /** Listens, and has no room for another connection. */
    private static final class FullBacklog implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> fillers = new ArrayList<>();
        final InetSocketAddress address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());

        FullBacklog() throws IOException {
            try {
                while (true) {
                    Socket filler = new Socket();
                    fillers.add(filler);
                    filler.connect(address, 300);
                }
            } catch (SocketTimeoutException full) {
                return; // no more get in
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket filler : fillers) {
                filler.close();
            }
            server.close();
        }
    }
}
