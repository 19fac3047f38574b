package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import tech.kwik.core.impl.QuicClientConnectionImpl;

/** A client of plain kwik. */
final class RawClient extends RawPeer implements AutoCloseable {
    RawClient(InetSocketAddress server) throws Exception {
        this(server, new PacketWatch());
    }

    private RawClient(InetSocketAddress server, PacketWatch watch) throws Exception {
        this(build(server, watch), watch);
    }

    private RawClient(QuicClientConnectionImpl client, PacketWatch watch) throws Exception {
        super(client, watch);
        CongestionRepair.install(client, watch); // so that what is tested is the server
        attach();
        client.connect();
    }

    private static QuicClientConnectionImpl build(InetSocketAddress server, PacketWatch watch) throws Exception {
        FirstAnswerSocket socket = new FirstAnswerSocket(server); // or one connection in 2,000 would not stand
        QuicClientConnectionImpl built = (QuicClientConnectionImpl) QuicClientConnectionImpl.newBuilder()
                .applicationProtocol(HttpVersion.HTTP_3.alpn())
                .host("localhost")
                .port(server.getPort())
                .proxy(server.getAddress().getHostAddress())
                .connectTimeout(Duration.ofSeconds(10))
                .maxIdleTimeout(Duration.ofSeconds(30))
                .customTrustManager(Loopback.PKI.trust())
                .enableDatagramExtension()
                .socketFactory(ignored -> socket)
                .logger(watch)
                .build();
        socket.engine(Kwik.tlsEngine(built));
        return built;
    }

    @Override
    public void close() {
        quic.close();
    }
}
