package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Optional;
import java.util.Set;

/** HTTP/1.1 and HTTP/2 over TLS on Netty: epoll and OpenSSL where their native parts are present, else the JDK's. Thread-safe. */
public final class NettyTransportProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public NettyTransportProvider() {}

    @Override
    public String name() {
        return NettyTransport.NAME;
    }

    @Override
    public Set<HttpVersion> versions() {
        return NettyTransport.VERSIONS;
    }

    @Override
    public Optional<String> withoutRawKeys() {
        return RawKeyLibrary.unavailable();
    }

    @Override
    public Transport create() {
        return new NettyTransport(
                NetworkLoops.create("masque-netty", Runtime.getRuntime().availableProcessors()));
    }
}
