package dev.masque.bench.micro;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.SpentTokensUnavailableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** The memory of spent tokens, asked by two threads. What signatures and proofs cost, the benchmark {@code tokens} says. */
@State(Scope.Benchmark)
public class Tokens {
    private static final long MOST = 20_000_000;

    private final Instant until = Instant.now().plus(1, ChronoUnit.DAYS);
    private final byte[] keyId = new byte[32];
    private Bytes key = Bytes.copyOf(keyId);
    private SpentTokens spent = SpentTokens.inMemory(MOST);

    /** An empty memory. */
    @Setup(Level.Iteration)
    public void empty() {
        new SplittableRandom(1).nextBytes(keyId);
        key = Bytes.copyOf(keyId);
        spent = SpentTokens.inMemory(MOST);
    }

    /** A token that is not spent yet, with the random numbers for it. */
    @Benchmark
    @Threads(2)
    public boolean spend() throws SpentTokensUnavailableException {
        byte[] nonce = new byte[32];
        ThreadLocalRandom.current().nextBytes(nonce);
        return spent.spend(key, Bytes.copyOf(nonce), until);
    }
}
