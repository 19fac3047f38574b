package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.spi.Resolver;
import dev.masque.server.access.AccessDecision;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.dial.AddressOrder;
import dev.masque.server.dial.Deadline;
import dev.masque.server.dial.Timer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The third and fourth step: whether a target may be reached, and at which addresses. Thread-safe. What this returns is what
 * is dialled: nothing is resolved twice.
 */
final class TargetAddresses {
    private final Supplier<AccessPolicy> policy;
    private final OwnAddresses own;
    private final Resolver resolver;
    private final Duration timeout;
    private final Timer timer;

    TargetAddresses(Supplier<AccessPolicy> policy, OwnAddresses own, Resolver resolver, Duration timeout, Timer timer) {
        this.policy = policy;
        this.own = own;
        this.resolver = resolver;
        this.timeout = timeout;
        this.timer = timer;
    }

    /** The addresses to try, in that order, one at least. */
    CompletableFuture<List<InetAddress>> find(Target target) {
        AccessPolicy rules = policy.get();
        if (rules.beforeResolving(target) != AccessDecision.ALLOWED) {
            return CompletableFuture.failedFuture(new RefusedException(Refusal.targetDenied()));
        }
        Optional<InetAddress> literal = target.address();
        if (literal.isPresent()) {
            return filtered(rules, target, List.of(literal.get()));
        }
        return resolve(target).thenCompose(addresses -> filtered(rules, target, addresses));
    }

    private CompletableFuture<List<InetAddress>> resolve(Target target) {
        try {
            return Deadline.on(
                    resolver.resolve(target.host()),
                    timeout,
                    timer,
                    () -> new NextHopException(ProxyErrorType.DNS_TIMEOUT, "no answer in time", null));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<List<InetAddress>> filtered(
            AccessPolicy rules, Target target, List<InetAddress> addresses) {
        List<InetAddress> allowed = new ArrayList<>();
        Throwable refused = new NextHopException(ProxyErrorType.DNS_ERROR, "no address", null);
        for (InetAddress address : addresses) {
            Optional<Throwable> problem = problem(rules, target, address);
            if (problem.isEmpty()) {
                allowed.add(address);
            } else if (!isLoop(refused)) {
                refused = problem.get();
            }
        }
        return allowed.isEmpty()
                ? CompletableFuture.failedFuture(refused)
                : CompletableFuture.completedFuture(AddressOrder.interleave(allowed));
    }

    /** Says more than that other addresses of the name are not allowed. */
    private static boolean isLoop(Throwable failure) {
        return failure instanceof NextHopException hop && hop.type() == ProxyErrorType.PROXY_LOOP_DETECTED;
    }

    private Optional<Throwable> problem(AccessPolicy rules, Target target, InetAddress address) {
        if (own.isListening(address, target.port())) {
            return Optional.of(new NextHopException(ProxyErrorType.PROXY_LOOP_DETECTED, "own address", null));
        }
        AccessDecision decision = rules.decide(target, address);
        if (decision == AccessDecision.TARGET_DENIED) {
            return Optional.of(new RefusedException(Refusal.targetDenied()));
        }
        boolean denied =
                decision == AccessDecision.ADDRESS_DENIED || own.isOfThisHost(address) && !rules.names(target, address);
        return denied ? Optional.of(new RefusedException(Refusal.addressDenied())) : Optional.empty();
    }
}
