package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.TlsIdentity;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tech.kwik.agent15.engine.TlsServerEngineFactory;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.impl.ServerConnectorImpl;

/** A server of plain kwik. */
final class RawServer implements ApplicationProtocolConnectionFactory, AutoCloseable {
    final InetSocketAddress address;
    private final BlockingQueue<RawPeer> peers = new LinkedBlockingQueue<>();
    private final Map<Object, Hello> hellos = new ConcurrentHashMap<>();
    private final ServerConnectorImpl connector;

    RawServer() throws Exception {
        this(true);
    }

    /** Contained as ours is, or as kwik is. */
    RawServer(boolean contained) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        DatagramSocket socket = contained ? new SafeDatagramSocket(any) : new DatagramSocket(any);
        address = new InetSocketAddress(any.getAddress(), socket.getLocalPort());
        connector = contained
                ? Kwik.connector(
                        socket,
                        ServerTls.create(
                                name -> Loopback.PKI.identity(), hello -> hellos.put(hello.connection(), hello)),
                        config(),
                        new NullLogger())
                : connector(socket);
        connector.registerApplicationProtocol(HttpVersion.HTTP_3.alpn(), this);
        connector.start();
    }

    /** A connector as kwik makes it. */
    static ServerConnectorImpl connector(DatagramSocket socket) throws Exception {
        char[] password = {};
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        TlsIdentity identity = Loopback.PKI.identity();
        keys.setKeyEntry("a", identity.key(), password, identity.chain().toArray(new Certificate[0]));
        return Kwik.connector(
                socket, new TlsServerEngineFactory(keys, "a", password, "secp256r1"), config(), new NullLogger());
    }

    private static ServerConnectionConfig config() {
        return ServerConnectionConfig.builder()
                .maxIdleTimeout(30_000)
                .maxConnectionBufferSize(1 << 20)
                .maxBidirectionalStreamBufferSize(1 << 18)
                .maxUnidirectionalStreamBufferSize(1 << 16)
                .maxOpenPeerInitiatedBidirectionalStreams(100)
                .maxOpenPeerInitiatedUnidirectionalStreams(10)
                .connectionIdLength(8)
                .build();
    }

    ServerConnectorImpl connector() {
        return connector;
    }

    /** The next connection. */
    RawPeer accept() throws InterruptedException {
        RawPeer peer = peers.poll(10, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("nobody connects");
        }
        return peer;
    }

    @Override
    public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
        Hello hello = hellos.get(connection);
        RawPeer peer = new RawPeer(connection, hello == null ? new PacketWatch() : hello.watch());
        peer.attach();
        peers.add(peer);
        return new ApplicationProtocolConnection() {
            @Override
            public void acceptPeerInitiatedStream(QuicStream stream) {
                peer.accepted.add(stream);
            }
        };
    }

    @Override
    public int maxConcurrentPeerInitiatedUnidirectionalStreams() {
        return 10;
    }

    @Override
    public int maxConcurrentPeerInitiatedBidirectionalStreams() {
        return 100;
    }

    @Override
    public boolean enableDatagramExtension() {
        return true;
    }

    @Override
    public void close() {
        Kwik.close(connector, Duration.ofMillis(500));
    }
}
