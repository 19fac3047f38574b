package dev.masque.server;

import dev.masque.core.ProxyAuthorization;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.server.auth.AuthenticationRequest;
import dev.masque.server.auth.AuthenticationResult;
import dev.masque.server.auth.AuthenticationResult.Absent;
import dev.masque.server.auth.AuthenticationResult.Accepted;
import dev.masque.server.auth.AuthenticationResult.Unavailable;
import dev.masque.server.auth.Authenticator;
import dev.masque.server.auth.Principal;
import dev.masque.server.dial.Deadline;
import dev.masque.server.dial.Timer;
import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.AuthenticationChecked.Outcome;
import dev.masque.server.event.ServerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** The second step: who asks. Thread-safe. Open to everyone only if the configuration says so. */
final class Authentication {
    private static final AuthenticationResult ABSENT = new Absent();
    private static final AuthenticationResult UNAVAILABLE = new Unavailable(Duration.ofSeconds(1));

    private final List<Authenticator> authenticators;
    private final boolean openToEveryone;
    private final Duration timeout;
    private final Timer timer;
    private final ServerListener listener;

    Authentication(
            List<Authenticator> authenticators,
            boolean openToEveryone,
            Duration timeout,
            Timer timer,
            ServerListener listener) {
        this.authenticators = List.copyOf(authenticators);
        this.openToEveryone = openToEveryone;
        this.timeout = timeout;
        this.timer = timer;
        this.listener = listener;
    }

    CompletableFuture<Principal> authenticate(RequestHead head, ClientConnection connection) {
        if (openToEveryone) {
            listener.authenticated(
                    new AuthenticationChecked(connection.id(), Principal.ANYONE.method(), Outcome.ACCEPTED));
            return CompletableFuture.completedFuture(Principal.ANYONE);
        }
        AuthenticationRequest request =
                new AuthenticationRequest(connection.id(), connection.session().info(), head, credentials(head));
        return ask(request, 0, ABSENT, "none").thenCompose(found -> {
            listener.authenticated(new AuthenticationChecked(connection.id(), found.method, outcome(found.result)));
            return conclude(request, found.result);
        });
    }

    private record Found(AuthenticationResult result, String method) {}

    /** Asks one authenticator after the other; the worst that was said so far is what counts if none accepts. */
    private CompletableFuture<Found> ask(
            AuthenticationRequest request, int index, AuthenticationResult worst, String method) {
        if (index == authenticators.size()) {
            return CompletableFuture.completedFuture(new Found(worst, method));
        }
        Authenticator authenticator = authenticators.get(index);
        return ask(authenticator, request).thenCompose(result -> {
            if (result instanceof Accepted) {
                return CompletableFuture.completedFuture(new Found(result, authenticator.method()));
            }
            boolean keep = result instanceof Absent || worst instanceof Unavailable;
            return ask(request, index + 1, keep ? worst : result, keep ? method : authenticator.method());
        });
    }

    private CompletableFuture<AuthenticationResult> ask(Authenticator authenticator, AuthenticationRequest request) {
        try {
            return Deadline.on(authenticator.authenticate(request), timeout, timer, TimeoutException::new)
                    .exceptionally(failure -> UNAVAILABLE);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(UNAVAILABLE);
        }
    }

    private static List<ProxyAuthorization> credentials(RequestHead head) {
        List<String> lines = new ArrayList<>(head.fields().all(ProxyAuthorization.NAME));
        if (!head.isConnect()) {
            lines.addAll(head.fields().all("authorization")); // the proxy is the origin of a template's URI
        }
        return lines.stream()
                .flatMap(line -> ProxyAuthorization.parse(line).stream())
                .toList();
    }

    private static Outcome outcome(AuthenticationResult result) {
        if (result instanceof Accepted) {
            return Outcome.ACCEPTED;
        }
        if (result instanceof Unavailable) {
            return Outcome.UNAVAILABLE;
        }
        return result instanceof Absent ? Outcome.ABSENT : Outcome.REJECTED;
    }

    private CompletableFuture<Principal> conclude(AuthenticationRequest request, AuthenticationResult result) {
        if (result instanceof Accepted accepted) {
            return CompletableFuture.completedFuture(accepted.principal());
        }
        if (result instanceof Unavailable unavailable) {
            return CompletableFuture.failedFuture(new RefusedException(Refusal.unavailable(unavailable.retryAfter())));
        }
        String phrase = result instanceof Absent ? "credentials are missing" : "credentials are not accepted";
        boolean templated = !request.head().isConnect();
        return CompletableFuture.failedFuture(
                new RefusedException(Refusal.unauthenticated(templated, phrase, challenges(request))));
    }

    private HeaderFields challenges(AuthenticationRequest request) {
        HeaderFields.Builder fields = HeaderFields.builder();
        for (Authenticator authenticator : authenticators) {
            authenticator.challenge(request).ifPresent(value -> fields.add(Responses.CHALLENGE, value));
        }
        return fields.build();
    }
}
