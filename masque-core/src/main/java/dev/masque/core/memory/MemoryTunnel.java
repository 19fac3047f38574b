package dev.masque.core.memory;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.UdpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The tunnel that a session in memory is made in: UDP for HTTP/3, TCP for the others. What goes on in the session does not
 * really go through it; but the one does not stand without the other. Thread-safe.
 */
final class MemoryTunnel implements ByteHandler, UdpHandler {
    private final CompletableFuture<MemorySession> session = new CompletableFuture<>();
    private final CompletableFuture<Runnable> end = new CompletableFuture<>();

    @Nullable private volatile CompletableFuture<?> opening;

    CompletableFuture<?> open(Network network, ConnectOptions options) {
        DialOptions dialling = new DialOptions(null, options.timeout(), null);
        CompletableFuture<?> made;
        if (options.versions().contains(HttpVersion.HTTP_3)) {
            made = network.openUdp(options.address(), dialling, socket -> {
                        end.complete(socket::close);
                        return this;
                    })
                    .toCompletableFuture();
        } else {
            made = network.connectTcp(options.address(), dialling, stream -> {
                        end.complete(() -> {
                            stream.end();
                            stream.reset(ResetReason.CANCEL);
                        });
                        return this;
                    })
                    .toCompletableFuture();
            made.thenAccept(stream -> ((ByteStream) stream).resume());
        }
        opening = made;
        return made;
    }

    /** From now on it ends with the session, and the session with it. */
    void carries(MemorySession made) {
        session.complete(made);
        made.gone().thenRun(this::close);
    }

    void close() {
        CompletableFuture<?> made = opening;
        if (made != null) {
            made.cancel(true);
        }
        end.thenAccept(Runnable::run);
    }

    private void lost(@Nullable Throwable cause) {
        session.thenAccept(made -> made.lose(new IOException("the tunnel is over", cause)));
    }

    @Override
    public void data(ByteBuffer data) {}

    @Override
    public void end() {
        lost(null);
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        lost(failure == null ? null : failure.cause());
    }

    @Override
    public void datagram(ByteBuffer payload) {}

    @Override
    public void closed(@Nullable IOException failure) {
        lost(failure);
    }
}
