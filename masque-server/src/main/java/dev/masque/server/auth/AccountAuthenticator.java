package dev.masque.server.auth;

import dev.masque.core.Bytes;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.thread.Workers;
import dev.masque.privacypass.attest.AttestationMethod;
import dev.masque.privacypass.attest.Evidence;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Credentials of an account, {@code Basic} (RFC 7617) or {@code Bearer} (RFC 6750), in the way that an attester checks them: on
 * threads of its own, as it takes time, and on one connection once in a while. Thread-safe.
 */
final class AccountAuthenticator implements Authenticator {
    private static final AuthenticationResult ABSENT = new AuthenticationResult.Absent();
    private static final AuthenticationResult REJECTED = new AuthenticationResult.Rejected();
    private static final AuthenticationResult LATER = new AuthenticationResult.Unavailable(Duration.ofSeconds(1));
    private static final List<String> SCHEMES = List.of("basic", "bearer");
    private static final String REALM = "Basic realm=\"proxy\", charset=\"UTF-8\"";
    private static final int MOST_REMEMBERED = 16_384;
    private static final int MOST_WAITING = 256;

    /** For one connection: whoever guesses passwords leaves room for others. */
    private static final int MOST_WAITING_EACH = 4;

    /** What is good stays so for a while; an account that is closed is out then, on connections that stand, too. */
    private static final long REMEMBERED = Duration.ofMinutes(5).toNanos();

    private final AttestationMethod method;
    private final Executor threads;
    private final LongSupplier nanoTime;
    private final Map<Use, Known> known = new Remembered();
    private final Map<Long, Integer> waiting = new HashMap<>();

    /** Credentials on a connection. */
    private record Use(long connection, Bytes credentials) {}

    private record Known(AuthenticationResult result, long until) {}

    private static final class Remembered extends LinkedHashMap<Use, Known> {
        private static final long serialVersionUID = 1L;

        private Remembered() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Use, Known> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }

    AccountAuthenticator(AttestationMethod method) {
        this(method, Workers.perProcessor("masque-accounts", MOST_WAITING), System::nanoTime);
    }

    AccountAuthenticator(AttestationMethod method, Executor threads, LongSupplier nanoTime) {
        this.method = method;
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
        Optional<ProxyAuthorization> shown = request.credentials().stream()
                .filter(credential -> SCHEMES.contains(credential.scheme()))
                .findFirst();
        if (shown.isEmpty()) {
            return CompletableFuture.completedFuture(ABSENT);
        }
        String value = shown.get().scheme() + " " + shown.get().credentials();
        Use use = new Use(request.connection(), digest(value));
        synchronized (known) {
            Known before = known.get(use);
            if (before != null && before.until - nanoTime.getAsLong() > 0) {
                return CompletableFuture.completedFuture(before.result);
            }
            int others = waiting.getOrDefault(use.connection, 0);
            if (others >= MOST_WAITING_EACH) {
                return CompletableFuture.completedFuture(LATER);
            }
            waiting.put(use.connection, others + 1);
        }
        Evidence evidence = new Evidence(
                Map.of("Authorization", List.of(value)), request.session().peerCertificates());
        return start(use, evidence);
    }

    private CompletableFuture<AuthenticationResult> start(Use use, Evidence evidence) {
        CompletableFuture<AuthenticationResult> result = new CompletableFuture<>();
        try {
            threads.execute(() -> finish(use, result, check(evidence)));
        } catch (RejectedExecutionException tooMany) {
            finish(use, result, LATER);
        }
        return result;
    }

    private void finish(Use use, CompletableFuture<AuthenticationResult> to, AuthenticationResult result) {
        synchronized (known) {
            waiting.computeIfPresent(use.connection, (connection, count) -> count == 1 ? null : count - 1);
            if (result instanceof AuthenticationResult.Accepted) {
                known.put(use, new Known(result, nanoTime.getAsLong() + REMEMBERED));
            }
        }
        to.complete(result);
    }

    private AuthenticationResult check(Evidence evidence) {
        try {
            return method.attest(evidence)
                    .<AuthenticationResult>map(name -> new AuthenticationResult.Accepted(new Principal(method(), name)))
                    .orElse(REJECTED);
        } catch (RuntimeException e) {
            return LATER; // the accounts cannot be read now
        }
    }

    private static Bytes digest(String credentials) {
        try {
            return Bytes.copyOf(
                    MessageDigest.getInstance("SHA-256").digest(credentials.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Basic wants a realm: not that of an attester. */
    @Override
    public Optional<String> challenge(AuthenticationRequest request) {
        return method.challenge().map(challenge -> challenge.startsWith("Basic ") ? REALM : challenge);
    }

    @Override
    public String method() {
        return "account";
    }
}
