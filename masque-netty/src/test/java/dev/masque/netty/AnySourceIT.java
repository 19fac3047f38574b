package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Source addresses that no interface has. */
@Timeout(60)
class AnySourceIT {
    private static final UdpHandler NOBODY = new UdpHandler() {
        @Override
        public void datagram(ByteBuffer payload) {}

        @Override
        public void closed(@Nullable IOException failure) {}
    };

    private static UdpSocket open(NettyNetwork network, String source, String target, boolean anySource)
            throws Exception {
        DialOptions options = new DialOptions(InetAddress.getByName(source), Duration.ofSeconds(5), null, anySource);
        return network.openUdp(new InetSocketAddress(InetAddress.getByName(target), 9), options, socket -> NOBODY)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static ProxyErrorType failure(NettyNetwork network, String source, String target, boolean anySource) {
        ExecutionException failure =
                catchThrowableOfType(ExecutionException.class, () -> open(network, source, target, anySource));
        return ((NextHopException) Objects.requireNonNull(failure.getCause())).type();
    }

    @Test
    void aNativeSocketTakesThemIfItIsTold() throws Exception {
        try (NettyNetwork network = new NettyNetwork(Groups.of(SocketKind.EPOLL))) {
            UdpSocket socket = open(network, "2001:db8::1", "::1", true);
            assertThat(socket.localAddress().getAddress()).isEqualTo(InetAddress.getByName("2001:db8::1"));
            assertThat(failure(network, "2001:db8::1", "::1", false))
                    .isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        }
    }

    /** That it is bound is seen from what fails next: nothing leads from such an address to loopback. */
    @Test
    void anIpv4SocketDoesSoToo() {
        try (NettyNetwork network = new NettyNetwork(Groups.of(SocketKind.EPOLL))) {
            assertThat(failure(network, "192.0.2.1", "127.0.0.1", true))
                    .isNotEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
            assertThat(failure(network, "192.0.2.1", "127.0.0.1", false))
                    .isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        }
    }

    @Test
    void aSocketOfTheJdkDoesNot() {
        try (NettyNetwork network = new NettyNetwork(Groups.of(SocketKind.NIO))) {
            assertThat(failure(network, "192.0.2.1", "127.0.0.1", true))
                    .isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        }
    }
}
