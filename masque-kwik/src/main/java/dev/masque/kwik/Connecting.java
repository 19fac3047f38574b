package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tech.kwik.agent15.engine.CertificateWithPrivateKey;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.impl.QuicClientConnectionImpl;

/** One attempt to connect to a proxy, on a thread of its own because kwik blocks. Thread-safe. */
final class Connecting {
    private static final int PEER_UNI_STREAMS = 16;

    /** The shortest that kwik takes; nobody but this connection receives on its socket. */
    private static final int CONNECTION_ID_LENGTH = 4;

    /** What kwik receives and sends at most. */
    private static final int LARGEST_PACKET = 1_500;

    /** What is taken for granted of a path, until it is tried. */
    private static final int LIKELY = 1_280;

    private final KwikTransport transport;
    private final ConnectOptions options;
    private final SessionHandler handler;
    private final PacketWatch watch = new PacketWatch();
    private final ProxyTrust trust;
    private final CompletableFuture<HttpSession> future = new CompletableFuture<>();

    @Nullable private volatile QuicClientConnectionImpl connection;

    @Nullable private volatile H3Session session;

    @Nullable private volatile CompletableFuture<TunnelPackets> opening;

    Connecting(KwikTransport transport, ConnectOptions options, SessionHandler handler) {
        this.transport = transport;
        this.options = options;
        this.handler = handler;
        this.trust = new ProxyTrust(options.trust(), options.serverName());
    }

    CompletableFuture<HttpSession> start() {
        Network network = options.network();
        if (network != null) {
            opening = TunnelPackets.open(network, options);
        }
        future.whenComplete((done, failure) -> {
            if (failure != null) {
                abort();
            }
        });
        transport.pool().execute(this::run);
        return future;
    }

    /** Stops the attempt. */
    void abort() {
        H3Session standing = session;
        QuicClientConnectionImpl attempt = connection;
        if (standing != null) {
            standing.close(); // no more: what kwik aborts says no farewell
        } else if (attempt != null) {
            attempt.abortConnection(new IOException("the attempt was stopped"));
        }
        CompletableFuture<TunnelPackets> tunnel = opening;
        if (tunnel != null) {
            tunnel.cancel(true);
        }
        future.completeExceptionally(new IOException("the attempt was stopped"));
    }

    private void run() {
        long start = System.nanoTime();
        try {
            H3Session connected = connect(start);
            long left = options.timeout().toNanos() - (System.nanoTime() - start);
            connected.ready().get(Math.max(left, 1), TimeUnit.NANOSECONDS);
            connected.executor().execute(() -> {
                if (!future.complete(connected)) {
                    connected.close();
                }
            });
        } catch (ExecutionException e) {
            fail(e.getCause() == null ? e : e.getCause());
        } catch (IOException | TimeoutException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        H3Session standing = session;
        if (standing != null) {
            standing.close();
        }
        future.completeExceptionally(ConnectErrors.of(failure, watch.abortion(), watch.alert(), trust.refusal()));
    }

    private H3Session connect(long start) throws IOException {
        QuicClientConnectionImpl attempt = build();
        H3Session connecting = new H3Session(attempt, transport, false, options.limits(), handler, transport::gone);
        connection = attempt;
        if (future.isDone()) {
            attempt.abortConnection(new IOException("the attempt was stopped"));
            throw new IOException("the attempt was stopped");
        }
        attempt.connect();
        session = connecting;
        transport.opened(connecting);
        connecting.start(
                new SessionInfo(
                        KwikTransport.NAME,
                        HttpVersion.HTTP_3,
                        "TLSv1.3",
                        CertificateName.address(options.serverName()) == null ? options.serverName() : null,
                        attempt.getServerCertificateChain(),
                        attempt.getLocalAddress(),
                        options.address(),
                        Duration.ofNanos(System.nanoTime() - start)),
                watch);
        return connecting;
    }

    private QuicClientConnectionImpl build() throws IOException {
        CompletableFuture<TunnelPackets> tunnelled = opening;
        if (tunnelled == null) {
            return build(
                    new FirstAnswerSocket(options.address()), options.address(), QuicClientConnectionImpl.newBuilder());
        }
        TunnelPackets tunnel = await(tunnelled);
        InetSocketAddress to = TunnelPackets.standIn(options.address().getPort());
        QuicClientConnectionImpl.ExtendedBuilder builder = QuicClientConnectionImpl.newExtendedBuilder();
        if (tunnel.maxPayload() > LIKELY) { // it has been tried, in both directions
            builder.maxUdpPayloadSize(Math.min(tunnel.maxPayload(), LARGEST_PACKET));
        } else { // what it carries to here is not known: both sides send what every path of QUIC carries
            builder.useStrictSmallestAllowedMaximumDatagramSize();
            builder.maxUdpPayloadSize(TunnelPackets.SMALLEST_QUIC);
        }
        return build(new FirstAnswerSocket(tunnel, to), to, builder);
    }

    private TunnelPackets await(CompletableFuture<TunnelPackets> tunnel) throws IOException {
        try {
            return tunnel.get(options.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            future.completeExceptionally(cause);
            throw new IOException("no tunnel to the proxy", cause);
        } catch (TimeoutException e) {
            tunnel.cancel(true);
            throw new NextHopException(ProxyErrorType.CONNECTION_TIMEOUT, "no tunnel to the proxy in time", e);
        } catch (InterruptedException e) {
            tunnel.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private QuicClientConnectionImpl build(
            FirstAnswerSocket socket, InetSocketAddress to, QuicClientConnection.Builder builder) throws IOException {
        try {
            return assemble(socket, to, builder);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private QuicClientConnectionImpl assemble(
            FirstAnswerSocket socket, InetSocketAddress to, QuicClientConnection.Builder builder) throws IOException {
        QuicClientConnectionImpl built =
                (QuicClientConnectionImpl) builder.applicationProtocol(HttpVersion.HTTP_3.alpn())
                        .host(options.serverName())
                        .port(to.getPort())
                        .proxy(to.getAddress().getHostAddress())
                        .connectionIdLength(CONNECTION_ID_LENGTH)
                        .connectTimeout(options.timeout())
                        .maxIdleTimeout(Lifetime.QUIC_IDLE)
                        .defaultStreamReceiveBufferSize((long) options.limits().streamWindow())
                        .maxOpenPeerInitiatedBidirectionalStreams(0)
                        .maxOpenPeerInitiatedUnidirectionalStreams(PEER_UNI_STREAMS)
                        .customTrustManager(trust)
                        .socketFactory(ignored -> socket)
                        .enableDatagramExtension()
                        .logger(watch)
                        .build();
        TlsIdentity identity = options.identity();
        if (identity != null) {
            X509Certificate own = identity.chain().get(0);
            Kwik.tlsEngine(built)
                    .setClientCertificateCallback(authorities -> new CertificateWithPrivateKey(own, identity.key()));
        }
        socket.bound(built);
        CongestionRepair.install(built, watch);
        Kwik.sessionWindow(built, options.limits().sessionWindow());
        socket.engine(Kwik.tlsEngine(built));
        Kwik.tlsEngine(built).setHostnameVerifier((name, certificate) -> trust.refusal() == null); // ProxyTrust did it
        return built;
    }
}
