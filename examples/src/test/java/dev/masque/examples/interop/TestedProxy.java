package dev.masque.examples.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A proxy over HTTP/3, whoever wrote it. */
final class TestedProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Nullable private final OurProxy ours;

    @Nullable private final Peer peer;

    private TestedProxy(@Nullable OurProxy ours, @Nullable Peer peer) {
        this.ours = ours;
        this.peer = peer;
    }

    static TestedProxy ours(String transport, TestAuthority authority) {
        try {
            return new TestedProxy(OurProxy.start(authority, Http3Transport.with(transport)), null);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static TestedProxy quicGo(TestAuthority authority) {
        return new TestedProxy(
                null,
                Peer.start(Peers.quicGo(
                        "proxy", "-cert", authority.certificate(), "-key", authority.key(), "-psk", OurProxy.KEY)));
    }

    /** Netty's codec on quiche, as a process of its own. */
    static TestedProxy netty(TestAuthority authority) {
        return new TestedProxy(null, Peer.start(nettyCommand(authority, OurProxy.KEY)));
    }

    static List<String> nettyCommand(TestAuthority authority, String key) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                QuicheProxy.class.getName(),
                authority.certificate(),
                authority.key(),
                key);
    }

    int port() {
        return ours != null ? ours.server().port() : peer().port();
    }

    private Peer peer() {
        return java.util.Objects.requireNonNull(peer);
    }

    /** Asks all clients to leave; the future says whether all of ours have, with no tunnel cut off. */
    CompletableFuture<Boolean> goaway() {
        OurProxy draining = ours;
        if (draining == null) {
            peer().tell("goaway", "goaway 1");
            return CompletableFuture.completedFuture(true);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return draining.server().drain(PATIENCE);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                },
                Background.THREADS);
    }

    @Override
    public void close() {
        if (ours != null) {
            ours.close();
        } else {
            peer().close();
        }
    }
}
