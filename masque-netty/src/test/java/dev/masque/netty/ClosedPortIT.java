package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A port that was closed is free for anybody at once. */
@ParameterizedClass(name = "{0}")
@EnumSource(SocketKind.class)
@Timeout(60)
class ClosedPortIT {
    private static final int TIMES = 300;
    private static final SessionHandler NONE = stream -> {
        throw new IllegalStateException();
    };

    private final SocketKind kind;

    ClosedPortIT(SocketKind kind) {
        this.kind = kind;
    }

    @Test
    void tcp() throws Exception {
        try (Transport transport = new NettyTransport(Groups.of(kind))) {
            closedPortsAreFree(transport, HttpVersion.HTTP_2);
        }
    }

    @Test
    void udp() throws Exception {
        try (Transport transport = new QuicheTransport(Groups.of(kind))) {
            closedPortsAreFree(transport, HttpVersion.HTTP_3);
        }
    }

    private static void closedPortsAreFree(Transport transport, HttpVersion version) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Listening listening = transport
                    .listen(
                            new ListenOptions(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    Set.of(version),
                                    Loopback.PKI::identity,
                                    SessionLimits.defaults()),
                            NONE)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            InetSocketAddress address = listening.address();
            listening.close();
            take(address, version).close();
        }
    }

    private static Closeable take(InetSocketAddress address, HttpVersion version) throws IOException {
        return version == HttpVersion.HTTP_3
                ? DatagramChannel.open().bind(address)
                : ServerSocketChannel.open().bind(address);
    }
}
