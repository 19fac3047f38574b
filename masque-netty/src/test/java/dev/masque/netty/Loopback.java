package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server and clients on loopback, with one certificate. */
final class Loopback implements AutoCloseable {
    static final TestPki PKI = new TestPki();

    final Transport transport = new NettyTransportProvider().create();
    final Listening listening;
    SessionLimits clientLimits = SessionLimits.defaults();

    Loopback(SessionLimits limits, SessionHandler server) throws Exception {
        listening = transport
                .listen(
                        new ListenOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                EnumSet.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1),
                                PKI::identity,
                                limits),
                        server)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    Loopback(SessionHandler server) throws Exception {
        this(SessionLimits.defaults(), server);
    }

    HttpSession connect(HttpVersion version, SessionHandler handler) throws Exception {
        return transport
                .connect(options(version), handler)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    ConnectOptions options(HttpVersion version) {
        return new ConnectOptions(
                listening.address(), "localhost", List.of(version), PKI.trust(), Duration.ofSeconds(10), clientLimits);
    }

    @Override
    public void close() {
        transport.close();
    }
}
