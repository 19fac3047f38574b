package dev.masque.netty;

import dev.masque.core.spi.Network;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.Resolver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Sockets towards targets and a DNS resolver on Netty: epoll where its native part is present, else NIO. Thread-safe. */
public final class NettyNetworkProvider implements NetworkProvider {
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

    /** For {@link java.util.ServiceLoader}. */
    public NettyNetworkProvider() {}

    @Override
    public Network createNetwork() {
        return new NettyNetwork(
                NetworkLoops.create("masque-network", Runtime.getRuntime().availableProcessors()));
    }

    @Override
    public Resolver createResolver(List<InetSocketAddress> nameServers) {
        return new NettyResolver(NetworkLoops.create("masque-dns", 1), nameServers, QUERY_TIMEOUT);
    }
}
