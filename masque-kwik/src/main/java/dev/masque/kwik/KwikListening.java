package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnection;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.impl.ServerConnectorImpl;

/** A UDP port that takes HTTP/3 clients. Thread-safe. */
final class KwikListening implements Listening, ApplicationProtocolConnectionFactory {
    private static final int PEER_UNI_STREAMS = 16;
    private static final long UNI_WINDOW = 64 << 10;

    /** Short enough that 1200 bytes of UDP fit into a datagram on IPv6 also. */
    private static final int CONNECTION_ID_LENGTH = 5;

    /** For CONNECTION_CLOSE to leave; the clients need not hear it. */
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private static final int HANDSHAKES = 1_024;

    /** One, because kwik keeps the logger of every connector for ever. */
    private static final NullLogger LOG_OF_ALL = new NullLogger();

    private final KwikTransport transport;
    private final ListenOptions options;
    private final SessionHandler handler;
    private final InetSocketAddress address;
    private final ServerConnectorImpl connector;
    private final Set<H3Session> sessions = ConcurrentHashMap.newKeySet();
    private final Map<Object, Hello> hellos = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    KwikListening(KwikTransport transport, ListenOptions options, SessionHandler handler, SafeDatagramSocket socket)
            throws IOException {
        this.transport = transport;
        this.options = options;
        this.handler = handler;
        this.address = new InetSocketAddress(options.address().getAddress(), socket.getLocalPort());
        try {
            this.connector = Kwik.connector(
                    socket, ServerTls.create(options.identities(), this::handshakeBegan), config(), LOG_OF_ALL);
            socket.bound(new ReceiveBound(connector));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private ServerConnectionConfig config() {
        return ServerConnectionConfig.builder()
                .maxIdleTimeout((int) Lifetime.QUIC_IDLE.toMillis())
                .maxConnectionBufferSize(options.limits().sessionWindow())
                .maxBidirectionalStreamBufferSize(options.limits().streamWindow())
                .maxUnidirectionalStreamBufferSize(
                        Math.min(UNI_WINDOW, options.limits().sessionWindow()))
                .maxOpenPeerInitiatedBidirectionalStreams(options.limits().maxStreams())
                .maxOpenPeerInitiatedUnidirectionalStreams(PEER_UNI_STREAMS)
                .connectionIdLength(CONNECTION_ID_LENGTH)
                .retryRequired(false)
                .build();
    }

    ServerConnectorImpl connector() {
        return connector;
    }

    void start() {
        connector.registerApplicationProtocol(HttpVersion.HTTP_3.alpn(), this);
        connector.start();
    }

    private void handshakeBegan(Hello hello) {
        if (hellos.size() >= HANDSHAKES) {
            hellos.values().stream().max(Comparator.comparing(Hello::age)).ifPresent(this::shed);
        }
        hellos.put(hello.connection(), hello);
        try {
            transport
                    .timer()
                    .schedule(
                            () -> handshakeDue(hello),
                            options.limits().handshakeTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            hellos.remove(hello.connection());
        }
    }

    /** Gives a handshake up for another, without a word: each has threads, and who began it may not exist. */
    private void shed(Hello oldest) {
        if (hellos.remove(oldest.connection()) != null && oldest.connection() instanceof QuicConnection late) {
            Kwik.drop(late);
        }
    }

    private void handshakeDue(Hello hello) {
        hellos.remove(hello.connection());
        if (!hello.isFinished() && hello.connection() instanceof QuicConnection late) {
            late.close();
        }
    }

    @Override
    public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
        Hello hello = hellos.remove(connection);
        PacketWatch watch = hello == null ? new PacketWatch() : hello.watch();
        H3Session session = new H3Session(connection, transport, true, options.limits(), handler, this::gone);
        sessions.add(session);
        transport.opened(session);
        session.start(info(connection, hello), watch);
        if (closed.get()) {
            session.close();
        }
        return new ApplicationProtocolConnection() {
            @Override
            public void acceptPeerInitiatedStream(QuicStream stream) {
                session.accept(stream);
            }
        };
    }

    private SessionInfo info(QuicConnection connection, @Nullable Hello hello) {
        return new SessionInfo(
                KwikTransport.NAME,
                HttpVersion.HTTP_3,
                "TLSv1.3",
                hello == null ? null : nameOnly(hello.serverName()),
                List.of(),
                address,
                ((ServerConnection) connection).getInitialRemoteAddress(),
                hello == null ? Duration.ZERO : hello.age());
    }

    /** Kwik's clients send addresses in SNI too, where RFC 6066, 3 has names only. */
    @Nullable private static String nameOnly(@Nullable String name) {
        return name == null || CertificateName.address(name) != null ? null : name;
    }

    private void gone(H3Session session) {
        sessions.remove(session);
        transport.gone(session);
    }

    @Override
    public int maxConcurrentPeerInitiatedUnidirectionalStreams() {
        return PEER_UNI_STREAMS;
    }

    @Override
    public int maxConcurrentPeerInitiatedBidirectionalStreams() {
        return options.limits().maxStreams();
    }

    @Override
    public boolean enableDatagramExtension() {
        return true;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void drain() {
        connector.stopAcceptingNewConnections();
        sessions.forEach(H3Session::drain);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            connector.stopAcceptingNewConnections();
            List<H3Session> open = List.copyOf(sessions);
            open.forEach(H3Session::close);
            transport.awaitFarewells(open);
            Kwik.close(connector, FAREWELL);
            transport.closed(this);
        }
    }
}
