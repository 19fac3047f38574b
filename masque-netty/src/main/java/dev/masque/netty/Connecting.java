package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.SessionHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One attempt to connect to a proxy: TCP or a tunnel, TLS, and on HTTP/2 the SETTINGS. Runs on the event loop. */
final class Connecting extends ChannelInboundHandlerAdapter {
    private final DuplexChannel channel;
    private final ConnectOptions options;
    private final SessionHandler handler;
    private final ClientTls tls;
    private final CompletableFuture<HttpSession> result = new CompletableFuture<>();
    private final long began = System.nanoTime();

    @Nullable private NettySession session;

    @Nullable private Throwable problem;

    /** The connection is to be made anew, and will be another. */
    static final class UnsuitableTlsException extends IOException {
        private static final long serialVersionUID = 1L;

        private UnsuitableTlsException() {
            super("the proxy speaks HTTP/1.1");
        }
    }

    Connecting(DuplexChannel channel, ConnectOptions options, SessionHandler handler, ClientTls tls) {
        this.channel = channel;
        this.options = options;
        this.handler = handler;
        this.tls = tls;
        NettyTransport.configure(channel);
        channel.config().setConnectTimeoutMillis(0); // the attempt has one time-out for all of it
    }

    Channel channel() {
        return channel;
    }

    CompletableFuture<HttpSession> start(EventLoop loop) {
        loop.register(channel).addListener(this::registered);
        result.whenComplete((done, failure) -> {
            if (failure != null) {
                abandon(loop);
            }
        });
        channel.closeFuture().addListener(closed -> later(loop, () -> failed(problem())));
        return result;
    }

    /** TLS closes the channel first, and tells why then. */
    private static void later(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    private void abandon(EventLoop loop) {
        try {
            loop.execute(channel::close);
        } catch (RejectedExecutionException stopped) {
            channel.unsafe().closeForcibly();
        }
    }

    private void registered(Future<?> registration) {
        if (!registration.isSuccess()) {
            channel.unsafe().closeForcibly();
            result.completeExceptionally(new NextHopException(
                    ProxyErrorType.PROXY_INTERNAL_ERROR, "no thread for the connection", registration.cause()));
            return;
        }
        var timer = channel.eventLoop()
                .schedule(
                        () -> result.completeExceptionally(ConnectErrors.timeout()),
                        options.timeout().toNanos(),
                        TimeUnit.NANOSECONDS);
        result.whenComplete((done, failure) -> timer.cancel(false));
        if (channel.isActive()) {
            secure(); // inside a tunnel
        } else {
            channel.connect(options.address()).addListener(this::connected);
        }
    }

    private void connected(Future<?> connection) {
        if (!connection.isSuccess()) {
            result.completeExceptionally(SocketErrors.ofConnect(connection.cause()));
            return;
        }
        secure();
    }

    private void secure() {
        SslHandler ssl;
        try {
            ssl = tls.newHandler(channel.alloc(), options);
        } catch (SSLException | RuntimeException e) {
            result.completeExceptionally(
                    new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "TLS cannot be set up", e));
            return;
        }
        ssl.setHandshakeTimeoutMillis(0);
        channel.pipeline().addLast(new NoRenegotiation(), ssl, this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            context.fireUserEventTriggered(event);
        } else if (completion.isSuccess()) {
            begin(context);
        } else {
            failed(completion.cause());
        }
    }

    private void begin(ChannelHandlerContext context) {
        SslHandler ssl = context.pipeline().get(SslHandler.class);
        NegotiatedTls negotiated = NegotiatedTls.of(ssl.engine(), ssl.applicationProtocol());
        if (!options.versions().contains(negotiated.version())) {
            result.completeExceptionally(new NextHopException(
                    ProxyErrorType.TLS_PROTOCOL_ERROR, "the proxy speaks no version that was offered", null));
            return;
        }
        if (tls.isUnsuitable(options, ssl.engine(), negotiated.version())) {
            result.completeExceptionally(new UnsuitableTlsException());
            return;
        }
        context.pipeline().remove(this);
        if (negotiated.version() == HttpVersion.HTTP_2) {
            H2Session made = new H2Session(channel, negotiated.info(channel, began), options.limits(), handler, false);
            session = made;
            made.start(() -> complete(made));
        } else {
            H1ClientSession made =
                    new H1ClientSession(channel, negotiated.info(channel, began), options.limits(), handler);
            session = made;
            made.start();
            complete(made);
        }
    }

    private void complete(NettySession made) {
        if (result.isDone()) {
            return; // too late, or cancelled
        }
        Connections.session(channel, made);
        made.open();
        if (!result.complete(made)) {
            made.close();
        }
    }

    @Nullable private Throwable problem() {
        return session == null || problem != null ? problem : session.cause();
    }

    private void failed(@Nullable Throwable cause) {
        if (!result.isDone()) {
            result.completeExceptionally(ConnectErrors.of(cause));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        problem = problem == null ? cause : problem;
        failed(cause);
        context.close();
    }
}
