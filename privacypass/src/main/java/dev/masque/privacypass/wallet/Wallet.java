package dev.masque.privacypass.wallet;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens ahead of need, for each challenge its own, and hands each out once. Gets more in batches and in the
 * background before they run out. Thread-safe. RFC 9577, 2.1.3.
 *
 * <pre>{@code
 * try (Wallet wallet = Wallet.builder(source).build()) {
 *     Token token = wallet.take(challenge, Duration.ofSeconds(5));
 *     ...
 * }
 * }</pre>
 *
 * <p>With a file, tokens that are left when the wallet is closed are there when it is opened again. The file is emptied as
 * soon as it is read: a crash loses tokens, and never makes one be used twice.
 */
public final class Wallet implements AutoCloseable {
    private final TokenSource source;
    private final int refillBelow;
    private final int batch;
    private final int mostChallenges;
    private final Clock clock;
    private final @Nullable WalletFile file;
    private final ExecutorService threads;
    private final Map<Bytes, Purse> purses = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private Wallet(Builder builder) throws IOException {
        this.source = builder.source;
        this.refillBelow = builder.refillBelow;
        this.batch = builder.batch;
        this.mostChallenges = builder.mostChallenges;
        this.clock = builder.clock;
        this.file = builder.file;
        this.threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("wallet");
            thread.setDaemon(true);
            return thread;
        });
        if (file != null) {
            for (Held held : file.take()) {
                if (held.expires().isAfter(clock.instant())) {
                    purses.computeIfAbsent(held.token().challengeDigest(), digest -> new Purse(clock))
                            .add(List.of(held));
                }
            }
        }
    }

    /**
     * A wallet to be set up.
     *
     * @param source where tokens come from
     * @return a new builder
     */
    public static Builder builder(TokenSource source) {
        return new Builder(source);
    }

    /**
     * Takes a token out, for one use. Gets new ones if there is none, and waits for them.
     *
     * @param challenge what it shall answer
     * @param wait how long to wait if there is none
     * @return a token that no one else gets
     * @throws NoTokenException if there is none and none came in time; its cause is why
     * @throws InterruptedIOException if the thread is interrupted
     * @throws IllegalStateException if the wallet is closed
     */
    public Token take(TokenChallenge challenge, Duration wait) throws NoTokenException, InterruptedIOException {
        requireOpen();
        Purse purse = purse(challenge);
        refill(challenge, purse);
        Token token = purse.take(wait, () -> refill(challenge, purse));
        refill(challenge, purse);
        return token;
    }

    /**
     * How many tokens there are.
     *
     * @param challenge what they answer
     * @return the number now
     */
    public int size(TokenChallenge challenge) {
        Purse purse = purses.get(challenge.digest());
        return purse == null ? 0 : purse.size();
    }

    /**
     * Gets tokens ahead of need, and does not wait for them.
     *
     * @param challenge what they shall answer
     * @throws IllegalStateException if the wallet is closed
     */
    public void prepare(TokenChallenge challenge) {
        requireOpen();
        refill(challenge, purse(challenge));
    }

    /**
     * Forgets tokens, as when the origin takes them no more. RFC 9577, 2.1.3 wants this on changes of network for those
     * that are bound to a context.
     *
     * @param challenge what they answer
     */
    public void discard(TokenChallenge challenge) {
        purses.remove(challenge.digest());
    }

    private Purse purse(TokenChallenge challenge) {
        Bytes digest = challenge.digest();
        Purse known = purses.get(digest);
        if (known != null) {
            return known;
        }
        if (purses.size() >= mostChallenges) { // origins that make up challenges do not fill the memory
            purses.values().removeIf(Purse::isIdle);
            if (purses.size() >= mostChallenges) {
                throw new IllegalStateException("too many challenges at once");
            }
        }
        return purses.computeIfAbsent(digest, any -> new Purse(clock));
    }

    private void refill(TokenChallenge challenge, Purse purse) {
        if (purse.size() < refillBelow && !closed && purse.beginRefill()) {
            try {
                threads.execute(() -> fetch(challenge, purse));
            } catch (RejectedExecutionException e) { // closed just now
                purse.endRefill(List.of(), e);
            }
        }
    }

    private void fetch(TokenChallenge challenge, Purse purse) {
        List<Held> tokens = new ArrayList<>();
        @Nullable Exception failure = null;
        try {
            TokenSource.Supply supply = source.fetch(challenge, batch);
            Bytes digest = challenge.digest();
            for (Token token : supply.tokens()) {
                if (token.challengeDigest().equals(digest)) {
                    tokens.add(new Held(token, supply.expires()));
                }
            }
            if (tokens.isEmpty()) {
                failure = new IOException("the source gave no token for the challenge");
            }
        } catch (IOException | PrivacyPassException | RuntimeException e) {
            failure = e;
        } finally {
            purse.endRefill(tokens, failure);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the wallet is closed");
        }
    }

    /**
     * Stores what is left, if there is a file, and stops. Waits for the file alone.
     *
     * @throws IOException if the tokens cannot be stored; they are lost then
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        threads.shutdownNow();
        List<Held> left = new ArrayList<>();
        purses.values().forEach(purse -> left.addAll(purse.drain()));
        if (file != null) {
            file.put(left);
        }
    }

    /** Sets up a wallet. For one thread. */
    public static final class Builder {
        private final TokenSource source;
        private int refillBelow = 8;
        private int batch = 16;
        private int mostChallenges = 1000;
        private Clock clock = Clock.systemUTC();
        private @Nullable WalletFile file;

        private Builder(TokenSource source) {
            this.source = source;
        }

        /**
         * How many tokens to keep.
         *
         * @param below with fewer left, more are got; at least 1
         * @param count how many are got at once; at least 1. Issuers have limits
         * @return this builder
         * @throws IllegalArgumentException if one of them is less
         */
        public Builder refill(int below, int count) {
            if (below < 1 || count < 1) {
                throw new IllegalArgumentException("refill below " + below + " with " + count);
            }
            this.refillBelow = below;
            this.batch = count;
            return this;
        }

        /**
         * How many challenges to keep tokens for.
         *
         * @param most at least 1; 1000 by default
         * @return this builder
         */
        public Builder mostChallenges(int most) {
            this.mostChallenges = most;
            return this;
        }

        /**
         * Where to store tokens between uses, encrypted with AES-GCM.
         *
         * @param path the file, for this wallet alone
         * @param key an AES key
         * @return this builder
         */
        public Builder file(Path path, SecretKey key) {
            this.file = new WalletFile(path, key);
            return this;
        }

        /**
         * The clock.
         *
         * @param time what tells the time; the system's by default
         * @return this builder
         */
        public Builder clock(Clock time) {
            this.clock = time;
            return this;
        }

        /**
         * Opens the wallet.
         *
         * @return the wallet
         * @throws IOException if there is a file that cannot be read
         */
        public Wallet build() throws IOException {
            return new Wallet(this);
        }
    }
}
