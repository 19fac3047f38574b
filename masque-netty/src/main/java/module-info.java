/** The transport for HTTP/1.1 and HTTP/2, sockets towards targets, and a DNS resolver, on Netty. */
@org.jspecify.annotations.NullMarked
module dev.masque.netty {
    requires static transitive org.jspecify;
    requires transitive dev.masque.core;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.dns;
    requires static io.netty.codec.classes.quic;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires static org.bouncycastle.provider;
    requires static org.bouncycastle.tls;
    requires org.slf4j;

    exports dev.masque.netty;

    provides dev.masque.core.spi.NetworkProvider with
            dev.masque.netty.NettyNetworkProvider;
    provides dev.masque.core.spi.TransportProvider with
            dev.masque.netty.NettyTransportProvider,
            dev.masque.netty.QuicheTransportProvider;
}
