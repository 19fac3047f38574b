package dev.masque.server.auth;

import dev.masque.core.Bytes;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.thread.Workers;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.PrivateTokenChallenge;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.SpentTokensUnavailableException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenVerifier;
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

/**
 * {@code PrivateToken token="…"}, RFC 9577, 2.2: a token is good once, and on the connection on which it was good it stays so,
 * as clients send it with every request. Verifying is done on threads of its own; what is too much for them, or of one connection
 * where they are short, is put off.
 * Thread-safe.
 */
final class PrivateTokenAuthenticator implements Authenticator {
    private static final AuthenticationResult ABSENT = new AuthenticationResult.Absent();
    private static final AuthenticationResult REJECTED = new AuthenticationResult.Rejected();
    private static final AuthenticationResult LATER = new AuthenticationResult.Unavailable(Duration.ofSeconds(1));

    /** Of tokens and connections that are remembered; some 10 MB. */
    private static final int MOST_REMEMBERED = 65_536;

    private static final int MOST_WAITING = 1_024;

    /** With more than half of the places taken, so many are for one connection: no flood leaves others without. */
    private static final int MOST_WAITING_EACH = 64;

    private final TokenVerifier verifier;
    private final Executor threads;
    private final Map<Use, CompletableFuture<AuthenticationResult>> uses = new Uses();
    private final Map<Long, Integer> waitingEach = new HashMap<>();
    private int waiting;

    /** A token on a connection. */
    private record Use(long connection, Bytes token) {}

    private static final class Uses extends LinkedHashMap<Use, CompletableFuture<AuthenticationResult>> {
        private static final long serialVersionUID = 1L;

        private Uses() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Use, CompletableFuture<AuthenticationResult>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }

    PrivateTokenAuthenticator(TokenVerifier verifier) {
        this(verifier, Workers.perProcessor("masque-tokens", MOST_WAITING));
    }

    PrivateTokenAuthenticator(TokenVerifier verifier, Executor threads) {
        this.verifier = verifier;
        this.threads = threads;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
        Optional<String> credentials = request.credentials(ProxyAuthorization.PRIVATE_TOKEN);
        if (credentials.isEmpty()) {
            return CompletableFuture.completedFuture(ABSENT);
        }
        Token token;
        try {
            token = PrivateTokenCredentials.parse(PrivateTokenChallenge.SCHEME + " " + credentials.get())
                    .orElseThrow();
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(REJECTED);
        }
        return use(new Use(request.connection(), digest(credentials.get())), token);
    }

    private CompletableFuture<AuthenticationResult> use(Use use, Token token) {
        CompletableFuture<AuthenticationResult> result = new CompletableFuture<>();
        synchronized (uses) {
            CompletableFuture<AuthenticationResult> known = uses.get(use);
            if (known != null) {
                return known.copy();
            }
            int others = waitingEach.getOrDefault(use.connection, 0);
            if (others >= MOST_WAITING_EACH && waiting >= MOST_WAITING / 2) {
                return CompletableFuture.completedFuture(LATER);
            }
            uses.put(use, result);
            waitingEach.put(use.connection, others + 1);
            waiting++;
        }
        try {
            threads.execute(() -> finish(use, result, check(token)));
        } catch (RejectedExecutionException tooMany) {
            finish(use, result, LATER);
        }
        return result.copy();
    }

    private void finish(Use use, CompletableFuture<AuthenticationResult> to, AuthenticationResult result) {
        synchronized (uses) {
            waiting--;
            waitingEach.computeIfPresent(use.connection, (connection, count) -> count == 1 ? null : count - 1);
            if (!(result instanceof AuthenticationResult.Accepted)) {
                uses.remove(use, to);
            }
        }
        to.complete(result);
    }

    private AuthenticationResult check(Token token) {
        try {
            verifier.redeem(token);
            return new AuthenticationResult.Accepted(new Principal(method(), ""));
        } catch (SpentTokensUnavailableException e) {
            return LATER;
        } catch (PrivacyPassException e) {
            return REJECTED;
        } catch (RuntimeException e) {
            return LATER;
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

    @Override
    public Optional<String> challenge(AuthenticationRequest request) {
        List<PrivateTokenChallenge> challenges = verifier.challenges();
        return challenges.isEmpty() ? Optional.empty() : Optional.of(PrivateTokenChallenge.format(challenges));
    }

    @Override
    public String method() {
        return ProxyAuthorization.PRIVATE_TOKEN;
    }
}
