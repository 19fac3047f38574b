package dev.masque.netty;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.Network;
import dev.masque.core.thread.Stages;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Sessions inside the tunnels of another network: opens the tunnel, and connects through it. Stateless. */
final class Carrying {
    /** What RFC 9000, 14 needs of a path. */
    static final int SMALLEST_QUIC = 1_200;

    private Carrying() {}

    /**
     * A channel that is connected and not registered.
     *
     * @param carried the channel
     * @param loop where to register it: that of the tunnel, if it has one, so that nothing has to change threads
     */
    record Way<C>(C carried, EventLoop loop) {}

    /** Inside a TCP tunnel. */
    static CompletableFuture<HttpSession> open(
            Network network,
            ConnectOptions options,
            EventLoop other,
            Function<Way<CarriedChannel>, CompletableFuture<HttpSession>> connect) {
        AtomicReference<CarriedChannel> made = new AtomicReference<>();
        return through(
                network.connectTcp(options.address(), dialling(options), stream -> {
                    CarriedChannel channel = new CarriedChannel(stream, options.address());
                    made.set(channel);
                    return channel.handler();
                }),
                stream -> connect.apply(new Way<>(channel(made), loop(stream.executor(), other))),
                stream -> channel(made).unsafe().closeForcibly());
    }

    /** Inside a UDP tunnel; refused if QUIC does not fit into it. */
    static CompletableFuture<HttpSession> openUdp(
            Network network,
            ConnectOptions options,
            EventLoop other,
            Function<Way<CarriedDatagrams>, CompletableFuture<HttpSession>> connect) {
        AtomicReference<CarriedDatagrams> made = new AtomicReference<>();
        return through(
                network.openUdp(options.address(), dialling(options), socket -> {
                    CarriedDatagrams channel =
                            new CarriedDatagrams(socket, options.address().getPort());
                    made.set(channel);
                    return channel.handler();
                }),
                socket -> {
                    int room = socket.maxPayload();
                    if (room < SMALLEST_QUIC) {
                        socket.close();
                        return CompletableFuture.failedFuture(tooNarrow(room));
                    }
                    return connect.apply(new Way<>(channel(made), loop(socket.executor(), other)));
                },
                socket -> channel(made).unsafe().closeForcibly());
    }

    private static NextHopException tooNarrow(int room) {
        return new NextHopException(
                ProxyErrorType.PROXY_CONFIGURATION_ERROR,
                "QUIC needs UDP payloads of " + SMALLEST_QUIC + " bytes, the tunnel carries " + room,
                null);
    }

    private static <C extends Channel> C channel(AtomicReference<C> made) {
        return Objects.requireNonNull(made.get(), "no handler was made");
    }

    private static DialOptions dialling(ConnectOptions options) {
        return new DialOptions(null, options.timeout(), null);
    }

    private static EventLoop loop(Executor tunnel, EventLoop other) {
        EventLoop same = SocketKind.loop(tunnel);
        return same == null ? other : same;
    }

    private static <S> CompletableFuture<HttpSession> through(
            CompletionStage<S> opening, Function<S, CompletableFuture<HttpSession>> connect, Dropping<S> drop) {
        CompletableFuture<HttpSession> result = new CompletableFuture<>();
        CompletableFuture<S> tunnel = opening.toCompletableFuture();
        result.whenComplete((session, failure) -> {
            if (failure != null) {
                tunnel.cancel(true);
            }
        });
        tunnel.whenComplete((way, failure) -> {
            if (way == null) {
                result.completeExceptionally(Stages.unwrap(failure));
            } else if (result.isDone()) {
                drop.drop(way);
            } else {
                pass(connect.apply(way), result);
            }
        });
        return result;
    }

    private static void pass(CompletableFuture<HttpSession> attempt, CompletableFuture<HttpSession> result) {
        result.whenComplete((session, failure) -> {
            if (failure != null) {
                attempt.completeExceptionally(failure);
            }
        });
        attempt.whenComplete((session, failure) -> {
            if (session == null) {
                result.completeExceptionally(Stages.unwrap(failure));
            } else if (!result.complete(session)) {
                session.close();
            }
        });
    }

    /** Takes what nobody waits for any more. */
    private interface Dropping<S> {
        void drop(S way);
    }
}
