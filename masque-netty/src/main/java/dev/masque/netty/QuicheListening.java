package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A UDP port that takes HTTP/3 clients on quiche. Thread-safe. */
final class QuicheListening extends ChannelInitializer<QuicChannel> implements Listening, QuicheHandshake.Events {
    private static final int CONNECTION_REFUSED = 2; // RFC 9000, 20.1
    private static final long CLOSE_SECONDS = 3;

    private final ListenOptions options;
    private final SessionHandler handler;
    private final QuicheServerTls tls;
    private final Connections connections = new Connections();
    private final ConcurrentHashMap<QuicChannel, Long> handshakes = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final QuicheRetry retry = new QuicheRetry(underWay::get);
    private final QuicheSockets sockets = new QuicheSockets();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile boolean draining;

    @Nullable private volatile InetSocketAddress address;

    QuicheListening(ListenOptions options, SessionHandler handler) {
        this.options = options;
        this.handler = handler;
        this.tls = new QuicheServerTls(options);
    }

    /** Binds a socket for each of these event loops, which share the port. */
    CompletableFuture<Listening> start(List<EventLoop> loops) {
        CompletableFuture<Listening> result = new CompletableFuture<>();
        sockets.bind(loops, options.address(), this::codec).whenComplete((bound, failure) -> {
            if (failure != null) {
                result.completeExceptionally(new MasqueException("the port cannot be bound", failure));
            } else {
                address = bound;
                result.complete(this);
            }
        });
        sockets.closed().thenRun(() -> {
            tls.release();
            released.complete(null);
        });
        return result;
    }

    private ChannelHandler codec(QuicheConnectionIds ids) {
        return QuicheCodec.set(new QuicServerCodecBuilder(), options.limits(), true)
                .sslEngineProvider(tls::newEngine)
                .connectionIdAddressGenerator(ids)
                .tokenHandler(retry)
                .handler(this)
                .streamHandler(new QuicheStreams(stream -> {
                    NettySession session = Connections.session(stream.parent());
                    return session instanceof QuicheSession known ? known.accept(stream) : Quiet.HANDLER;
                }))
                .build();
    }

    void whenReleased(Runnable task) {
        released.thenRun(task);
    }

    @Override
    public boolean isSharable() {
        return true; // one for all connections of the port
    }

    @Override
    protected void initChannel(QuicChannel channel) {
        if (draining) { // said when quiche knows the connection
            channel.pipeline().addLast(Quiet.HANDLER);
            channel.eventLoop().execute(() -> channel.close(false, CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER));
            return;
        }
        connections.add(channel);
        underWay.incrementAndGet();
        handshakes.put(channel, System.nanoTime());
        channel.config().setOption(QuicheCodec.SEGMENTATION, UdpOffload.segments(channel.parent()));
        channel.pipeline().addLast(new QuicheHandshake(this));
        channel.closeFuture().addListener(closed -> handshakeOver(channel));
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (handshakes.containsKey(channel)) {
                                channel.close();
                            }
                        },
                        options.limits().handshakeTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Nullable private Long handshakeOver(QuicChannel channel) {
        Long began = handshakes.remove(channel);
        if (began != null) {
            underWay.decrementAndGet();
        }
        return began;
    }

    @Override
    public QuicheSession stands(QuicChannel channel, @Nullable String serverName) {
        Long began = handshakeOver(channel);
        NegotiatedTls negotiated = NegotiatedTls.of(channel.sslEngine(), HttpVersion.HTTP_3.alpn());
        SessionInfo info = new SessionInfo(
                QuicheTransport.NAME,
                HttpVersion.HTTP_3,
                "TLSv1.3",
                serverName,
                negotiated.peer(),
                address(),
                (InetSocketAddress) channel.remoteSocketAddress(),
                began == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - began));
        QuicheSession session = new QuicheSession(channel, info, options.limits(), handler, true);
        Connections.session(channel, session);
        session.start(() -> {});
        session.open();
        if (draining) {
            session.drain();
        }
        return session;
    }

    @Override
    public void fails(QuicChannel channel, Throwable cause) {} // the client's affair

    @Override
    public InetSocketAddress address() {
        InetSocketAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException("not bound");
        }
        return bound;
    }

    @Override
    public void drain() {
        draining = true;
        connections.drain();
    }

    @Override
    public void close() {
        closeNow();
        if (!sockets.isOnItsLoop()) {
            await(System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
        }
    }

    /** Closes without waiting. */
    void closeNow() {
        draining = true;
        connections.close();
        connections.whenEmpty(sockets::close);
    }

    /** Waits until the port and all connections are closed. */
    void await(long deadline) {
        connections.await(deadline);
        sockets.close();
        sockets.await(deadline);
    }
}
