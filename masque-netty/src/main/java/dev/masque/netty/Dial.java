package dev.masque.netty;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect a socket: register, bind if a source is given, connect, hand over. Runs on the event loop.
 *
 * @param <T> what comes out of it
 */
final class Dial<T> {
    private final Channel channel;
    private final InetSocketAddress target;

    @Nullable private final InetAddress source;

    private final Supplier<? extends T> handOver;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /**
     * An attempt, not started.
     *
     * @param channel not registered
     * @param target where to
     * @param source where from, or null
     * @param handOver makes the result of the connected channel
     */
    Dial(Channel channel, InetSocketAddress target, @Nullable InetAddress source, Supplier<? extends T> handOver) {
        this.channel = channel;
        this.target = target;
        this.source = source;
        this.handOver = handOver;
    }

    CompletableFuture<T> start(EventLoop loop) {
        loop.register(channel).addListener(this::registered);
        result.whenComplete((done, failure) -> {
            if (failure != null) {
                abandon(loop);
            }
        });
        return result;
    }

    private void abandon(EventLoop loop) {
        try {
            loop.execute(() -> SocketKind.abort(channel)); // after the registration, which waits in the same queue
        } catch (RejectedExecutionException stopped) {
            channel.unsafe().closeForcibly();
        }
    }

    private void registered(Future<?> registration) {
        if (!registration.isSuccess()) {
            channel.unsafe().closeForcibly();
            result.completeExceptionally(new NextHopException(
                    ProxyErrorType.PROXY_INTERNAL_ERROR, "no thread for the connection", registration.cause()));
        } else if (source == null) {
            connect();
        } else {
            channel.bind(new InetSocketAddress(source, 0)).addListener(bound -> {
                if (bound.isSuccess()) {
                    connect();
                } else {
                    result.completeExceptionally(SocketErrors.ofBind(bound.cause()));
                }
            });
        }
    }

    private void connect() {
        channel.connect(target).addListener(connected -> {
            if (connected.isSuccess() && channel.isActive()) {
                complete();
            } else {
                result.completeExceptionally(SocketErrors.ofConnect(connected.cause()));
            }
        });
    }

    private void complete() {
        if (result.isDone()) {
            return; // cancelled
        }
        T value;
        try {
            value = handOver.get();
        } catch (RuntimeException e) {
            result.completeExceptionally(
                    new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "a handler failed", e));
            return;
        }
        if (!result.complete(value)) {
            SocketKind.abort(channel); // cancelled in between: the handler learns it from closed()
        }
    }
}
