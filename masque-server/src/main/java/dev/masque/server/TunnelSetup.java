package dev.masque.server;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import dev.masque.geohash.GeoHint;
import dev.masque.server.auth.Principal;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.relay.Tunnel;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes one request through the steps until it is answered: head, authenticate, authorise, resolve, connect, respond. Handler of
 * the stream meanwhile; what it decides, it decides on the stream's executor.
 */
final class TunnelSetup implements StreamHandler {
    private final TunnelSteps steps;
    private final TunnelStream owner;
    private final HttpStream stream;
    private final ClientConnection connection;
    private final Timing timing;
    private final TunnelNotes notes = new TunnelNotes();
    private final EarlyDatagrams early = new EarlyDatagrams();

    @Nullable private TunnelRequest request;

    @Nullable private CompletableFuture<Tunnel> dialled;

    private boolean ended;

    private volatile boolean closed;

    TunnelSetup(TunnelSteps steps, TunnelStream owner, HttpStream stream, ClientConnection connection) {
        this.steps = steps;
        this.owner = owner;
        this.stream = stream;
        this.connection = connection;
        this.timing = new Timing(steps.timer());
    }

    void start() {
        try {
            TunnelRequest read = steps.reader()
                    .read(stream.request(), stream.session().info().serverName());
            request = read;
            owner.hold(steps.admission().enter(connection));
            proceed(read);
        } catch (RefusedException e) {
            refuse(e.refusal());
        }
    }

    private void proceed(TunnelRequest read) {
        CompletableFuture<Tunnel> tunnel = steps.authentication()
                .authenticate(read.head(), connection)
                .thenCompose(principal -> admitted(read, principal));
        tunnel.whenComplete((made, failure) -> onExecutor(
                () -> {
                    if (made != null) {
                        accept(read, made);
                    } else if (failure != null) {
                        refuse(Refusal.of(failure));
                    }
                },
                made));
    }

    private CompletableFuture<Tunnel> admitted(TunnelRequest read, Principal principal) {
        InetAddress client = connection.session().info().remoteAddress().getAddress();
        if (closed) {
            return abandoned(); // opening and resetting streams must not make work elsewhere
        }
        try {
            steps.rate().take(principal, client);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        Optional<GeoHint> hint = steps.locations().hint(read, principal, notes);
        Dialling wanted = new Dialling(read, principal, connection, stream, hint, notes);
        long since = timing.now();
        return steps.route()
                .find(read.target())
                .whenComplete((found, failure) -> timing.resolved(since))
                .thenCompose(addresses -> dial(wanted, addresses));
    }

    private CompletableFuture<Tunnel> dial(Dialling wanted, List<InetAddress> addresses) {
        if (closed) {
            return abandoned();
        }
        long since = timing.now();
        CompletableFuture<Tunnel> started = steps.route().dial(wanted, addresses);
        onExecutor(() -> cancellable(started), null);
        return started.whenComplete((tunnel, failure) -> timing.connected(since));
    }

    private static CompletableFuture<Tunnel> abandoned() {
        return CompletableFuture.failedFuture(new CancellationException("the client has left"));
    }

    private void cancellable(CompletableFuture<Tunnel> started) {
        dialled = started;
        if (closed) {
            started.cancel(true);
        }
    }

    /** Runs on the stream's thread; a session that is over has none any more, and then only a tunnel needs to be let go. */
    private void onExecutor(Runnable task, @Nullable Tunnel tunnel) {
        Executor executor = stream.executor();
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            if (tunnel != null) {
                tunnel.discard();
            }
        }
    }

    private void accept(TunnelRequest read, Tunnel tunnel) {
        if (closed) {
            tunnel.discard();
            return;
        }
        HeaderFields attested = steps.locations().attested(read, connection);
        answer(steps.responses().accepted(read, timing, connection.localPort(), notes, attested), null);
        owner.become(tunnel);
        tunnel.start();
        early.drainTo(tunnel::datagram);
        tunnel.dataComplete();
        if (ended) {
            tunnel.end();
        }
    }

    private void refuse(Refusal refusal) {
        owner.release();
        if (closed) {
            return;
        }
        boolean templated = !stream.request().isConnect();
        answer(steps.responses().refused(refusal, templated, timing, connection.localPort(), notes), refusal);
        owner.become(new AnsweredStream(stream, steps.leftovers()));
        stream.end();
        stream.resume();
    }

    private void answer(ResponseHead head, @Nullable Refusal refusal) {
        stream.respond(head);
        TunnelRequest read = request;
        Optional<TunnelKind> kind = read == null ? Optional.empty() : Optional.of(read.kind());
        steps.listener()
                .requestAnswered(new RequestAnswered(
                        connection.id(),
                        connection.session().info().version(),
                        kind,
                        head.status(),
                        Optional.ofNullable(refusal).map(Refusal::type),
                        timing.proxy(),
                        timing.resolve(),
                        timing.connect()));
    }

    @Override
    public void datagram(ByteBuffer payload) {
        early.add(payload);
    }

    /** None comes: the stream is paused until it is answered. */
    @Override
    public void data(ByteBuffer data) {}

    /** The client sends nothing more; the target is told once there is one. */
    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        closed = true;
        owner.release();
        if (dialled != null) {
            dialled.cancel(true);
        }
    }
}
