package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** A way through a subject to the targets. For any thread. */
interface Route {
    /** Makes the client's end of a tunnel. */
    interface Maker extends Function<ByteStream, Tunnel> {}

    /** Opens a tunnel; completes with it when it stands, and fails if it does not come to that. Data may come before. */
    CompletableFuture<ByteStream> open(Targets.Kind target, Maker maker);

    /** Opens a tunnel and waits until it stands. */
    default ByteStream openAndWait(Targets.Kind target, Tunnel tunnel) throws IOException {
        return ProxyClient.await(open(target, stream -> tunnel));
    }

    /** Tunnels on a connection that stands; waits for a place, which on QUIC the peer gives back now and then. */
    static Route warm(ProxyClient client, Targets targets) {
        return (target, maker) -> place(client.session())
                .thenCompose(session -> connect(session, client.subject(), targets.address(target), maker));
    }

    private static CompletableFuture<HttpSession> place(HttpSession session) {
        if (session.availableStreams() > 0) {
            return CompletableFuture.completedFuture(session);
        }
        return CompletableFuture.supplyAsync(() -> session, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS))
                .thenCompose(later -> place(later));
    }

    /** For each tunnel a connection of its own, with TLS, which ends with the tunnel. */
    static Route fresh(Transport transport, Subject subject, HttpVersion version, Identity identity, Targets targets) {
        return (target, maker) -> ProxyClient.session(transport, subject.port(), version, identity)
                .thenCompose(session -> {
                    CompletableFuture<ByteStream> opened =
                            connect(session, subject, targets.address(target), stream -> {
                                Tunnel tunnel = maker.apply(stream);
                                tunnel.closed().thenRun(session::close);
                                return tunnel;
                            });
                    return opened;
                });
    }

    /** TCP to a port for each target, without anything else. */
    static Route plain(Network network, ToIntFunction<Targets.Kind> ports) {
        return (target, maker) -> {
            CompletableFuture<Tunnel> made = new CompletableFuture<>();
            return network.connectTcp(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.applyAsInt(target)),
                            new DialOptions(null, Duration.ofSeconds(10), null),
                            stream -> {
                                Tunnel tunnel = maker.apply(stream);
                                made.complete(tunnel);
                                return tunnel;
                            })
                    .thenCombine(made, (stream, tunnel) -> {
                        tunnel.stand();
                        stream.resume();
                        return stream;
                    })
                    .toCompletableFuture();
        };
    }

    private static CompletableFuture<ByteStream> connect(
            HttpSession session, Subject subject, String target, Maker maker) {
        CompletableFuture<Tunnel> made = new CompletableFuture<>();
        HttpStream stream = session.open(RequestHead.connect(target, subject.fields()), opened -> {
            Tunnel tunnel = maker.apply(opened);
            made.complete(tunnel);
            return tunnel;
        });
        stream.resume();
        return made.thenCompose(Tunnel::established).thenApply(stands -> stream);
    }
}
