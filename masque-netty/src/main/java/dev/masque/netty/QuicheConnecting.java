package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One attempt to connect to a proxy over QUIC: the handshake, and the SETTINGS. Runs on the event loop. */
final class QuicheConnecting implements QuicheHandshake.Events {
    private final ConnectOptions options;
    private final SessionHandler handler;
    private final QuicheClientTls tls;
    private final Connections connections;
    private final Executor workers;
    private final CompletableFuture<HttpSession> result = new CompletableFuture<>();
    private final long began = System.nanoTime();
    private InetSocketAddress remote;

    @Nullable private CarriedDatagrams carrier;

    @Nullable private volatile QuicChannel connection;

    @Nullable private QuicSslEngine engine;

    @Nullable private QuicheSession session;

    QuicheConnecting(
            ConnectOptions options,
            SessionHandler handler,
            QuicheClientTls tls,
            Connections connections,
            Executor workers) {
        this.options = options;
        this.handler = handler;
        this.tls = tls;
        this.connections = connections;
        this.workers = workers;
        this.remote = options.address();
    }

    CompletableFuture<HttpSession> start(EventLoop loop) {
        return start(
                loop,
                () -> QuicheCodec.bind(
                        SocketKind.of(loop).quic(),
                        loop,
                        new InetSocketAddress(any(), 0),
                        QuicheSocket.ofClient(QuichePath.MOST),
                        codec(Integer.MAX_VALUE)));
    }

    /** Inside a tunnel. */
    CompletableFuture<HttpSession> start(CarriedDatagrams tunnel, EventLoop loop) {
        remote = tunnel.remoteAddress();
        carrier = tunnel;
        return start(loop, () -> {
            int path = tunnel.maxPayload();
            tunnel.pipeline().addLast(QuicheSocket.ofClient(path), codec(path), Quiet.HANDLER);
            return loop.register(tunnel);
        });
    }

    private ChannelHandler codec(int path) {
        return QuicheCodec.set(new QuicClientCodecBuilder(), options.limits(), false, path)
                .sslEngineProvider(this::newEngine)
                .build();
    }

    /** With the socket made where it may take its time: quiche reads all that the system trusts for each, for nothing. */
    private CompletableFuture<HttpSession> start(EventLoop loop, Callable<ChannelFuture> binding) {
        try {
            var timer = loop.schedule(
                    () -> result.completeExceptionally(ConnectErrors.timeout()),
                    options.timeout().toNanos(),
                    TimeUnit.NANOSECONDS);
            result.whenComplete((done, failure) -> timer.cancel(false));
            workers.execute(() -> bind(loop, binding));
        } catch (RejectedExecutionException e) {
            unbound(e);
        }
        return result;
    }

    private void bind(EventLoop loop, Callable<ChannelFuture> binding) {
        if (result.isDone() || connections.isClosing()) {
            unbound(null);
            return;
        }
        ChannelFuture bound;
        try {
            bound = binding.call();
        } catch (Throwable e) { // nobody else would hear of it
            unbound(e);
            return;
        }
        bound(bound);
        if (loop.isShuttingDown()) {
            failed(null); // nobody may have told
        }
    }

    private void unbound(@Nullable Throwable cause) {
        if (carrier != null) {
            carrier.unsafe().closeForcibly();
        }
        result.completeExceptionally(ConnectErrors.of(cause));
    }

    private void bound(ChannelFuture bound) {
        connections.add(bound.channel());
        result.whenComplete((done, failure) -> {
            if (failure != null) {
                abandon(bound.channel());
            }
        });
        bound.channel().closeFuture().addListener(closed -> failed(null));
        bound.addListener(done -> {
            if (done.isSuccess()) {
                connect(bound.channel());
            } else {
                failed(done.cause());
            }
        });
    }

    /** Closes the connection, if there is one, and the socket after it. */
    private void abandon(Channel udp) {
        QuicChannel begun = connection;
        try {
            udp.eventLoop().execute(begun == null || !begun.isOpen() ? udp::close : begun::close);
        } catch (RejectedExecutionException stopped) {
            udp.close();
        }
    }

    private QuicSslEngine newEngine(QuicChannel channel) {
        connection = channel;
        channel.closeFuture().addListener(closed -> closeSoon(channel.parent()));
        QuicSslEngine made = tls.newEngine(channel, options);
        engine = made;
        return made;
    }

    private InetAddress any() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[options.address().getAddress() instanceof Inet6Address ? 16 : 4]);
    }

    private void connect(Channel udp) {
        QuicChannel.newBootstrap(udp)
                .handler(new QuicheHandshake(this))
                .streamHandler(new QuicheStreams(stream -> {
                    QuicheSession to = session;
                    return to == null ? Quiet.HANDLER : to.accept(stream);
                }))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the attempt has one time-out for all of it
                .option(QuicheCodec.SEGMENTATION, UdpOffload.segments(udp))
                .remoteAddress(remote)
                .connect()
                .addListener((Future<QuicChannel> connected) -> {
                    if (!connected.isSuccess()) {
                        failed(connected.cause());
                    }
                });
    }

    /** Not at once: if more was being read, Netty sends CONNECTION_CLOSE at the end of that. */
    private static void closeSoon(Channel udp) {
        try {
            udp.eventLoop().execute(udp::close);
        } catch (RejectedExecutionException stopped) {
            udp.close();
        }
    }

    @Override
    public QuicheSession stands(QuicChannel channel, @Nullable String serverName) {
        NegotiatedTls negotiated = NegotiatedTls.of(channel.sslEngine(), HttpVersion.HTTP_3.alpn());
        InetSocketAddress local =
                carrier == null ? (InetSocketAddress) channel.parent().localAddress() : new InetSocketAddress(0);
        SessionInfo info = new SessionInfo(
                QuicheTransport.NAME,
                HttpVersion.HTTP_3,
                "TLSv1.3",
                CertificateName.isAddress(options.serverName()) ? null : options.serverName(),
                negotiated.peer(),
                carrier == null && channel.localSocketAddress() instanceof InetSocketAddress known ? known : local,
                options.address(),
                java.time.Duration.ofNanos(System.nanoTime() - began));
        QuicheSession made = new QuicheSession(channel, info, options.limits(), handler, false);
        session = made;
        made.start(() -> complete(made, channel.parent()));
        return made;
    }

    private void complete(QuicheSession made, Channel udp) {
        if (result.isDone()) {
            return; // too late, or cancelled
        }
        Connections.session(udp, made);
        made.open();
        if (!result.complete(made)) {
            made.close();
        }
    }

    @Override
    public void fails(QuicChannel channel, Throwable cause) {
        failed(cause);
    }

    private void failed(@Nullable Throwable cause) {
        QuicheSession standing = session;
        if (result.isDone()) {
            return;
        }
        IOException broken = carrier == null ? null : carrier.failure();
        if (broken != null) {
            result.completeExceptionally(broken); // the network knows best what its failures mean
            return;
        }
        Throwable refusal = tls.refusal(engine);
        Throwable why = refusal != null ? refusal : cause == null && standing != null ? standing.cause() : cause;
        result.completeExceptionally(why instanceof QuicheClosed closed ? closed.problem() : ConnectErrors.of(why));
    }
}
