package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.NextProxy;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.thread.Stages;
import dev.masque.server.access.AccessDecision;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.dial.Deadline;
import dev.masque.server.dial.Timer;
import dev.masque.server.relay.Tunnel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Reaches targets through another proxy, which resolves and connects them, and is told where the client is. What that proxy says
 * of itself goes on to the client. Thread-safe.
 */
final class UpstreamRoute implements Route {
    private final Target proxy;
    private final Relays relays;
    private final Supplier<AccessPolicy> policy;
    private final OwnAddresses own;
    private final Locations locations;
    private final Duration timeout;
    private final Timer timer;

    UpstreamRoute(
            Target proxy,
            Relays relays,
            Supplier<AccessPolicy> policy,
            OwnAddresses own,
            Locations locations,
            Duration timeout,
            Timer timer) {
        this.proxy = proxy;
        this.relays = relays;
        this.policy = policy;
        this.own = own;
        this.locations = locations;
        this.timeout = timeout;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<List<InetAddress>> find(Target target) {
        AccessDecision decision = policy.get().withoutResolving(target);
        if (decision != AccessDecision.ALLOWED) {
            return CompletableFuture.failedFuture(new RefusedException(
                    decision == AccessDecision.ADDRESS_DENIED ? Refusal.addressDenied() : Refusal.targetDenied()));
        }
        Optional<InetAddress> literal = target.address();
        if (literal.isPresent() && own.isListening(literal.get(), target.port())) {
            return CompletableFuture.failedFuture(
                    new NextHopException(ProxyErrorType.PROXY_LOOP_DETECTED, "own address", null));
        }
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletableFuture<Tunnel> dial(Dialling wanted, List<InetAddress> none) {
        Target target = wanted.request().target();
        DialOptions options = new DialOptions(
                null, timeout, wanted.stream().executor(), false, new Conversation(fields(wanted), wanted.notes()));
        CompletionStage<Tunnel> opening = relays.connect(
                wanted, InetSocketAddress.createUnresolved(target.host(), target.port()), false, options);
        CompletableFuture<Tunnel> result = new CompletableFuture<>();
        Deadline.on(opening, timeout, timer, UpstreamRoute::tooLate).whenComplete((tunnel, failure) -> {
            if (failure != null) {
                opening.toCompletableFuture().cancel(true);
                opening.thenAccept(Tunnel::discard); // it came at the same moment
                result.completeExceptionally(refusal(failure, wanted.notes()));
            } else if (!result.complete(tunnel)) {
                tunnel.discard();
            }
        });
        result.whenComplete((tunnel, failure) -> {
            if (result.isCancelled()) {
                opening.toCompletableFuture().cancel(true);
            }
        });
        return result;
    }

    private HeaderFields fields(Dialling wanted) {
        return locations.forNextProxy(wanted.connection(), proxy, wanted.hint());
    }

    private static NextHopException tooLate() {
        return new NextHopException(ProxyErrorType.CONNECTION_TIMEOUT, "no tunnel in time", null);
    }

    private static Throwable refusal(Throwable failure, TunnelNotes notes) {
        Throwable cause = Stages.unwrap(failure);
        return cause instanceof NextHopException hop
                ? new RefusedException(Refusal.ofNextProxy(hop, notes.nextProxy()))
                : cause;
    }

    /** With the next proxy, about one tunnel. */
    private record Conversation(HeaderFields fields, TunnelNotes notes) implements NextProxy {
        @Override
        public void answered(ResponseHead answer) {
            notes.answered(NextProxyAnswer.of(answer));
        }
    }
}
