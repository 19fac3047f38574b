package dev.masque.ohttp.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.ohttp.gateway.SeenKeys.Result;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenKeysTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatIsRememberedIsExactlyWhatCameWithinThePeriods(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SeenKeys seen = new SeenKeys(1 << 20);
        Map<Integer, Long> came = new HashMap<>();
        long period = random.nextLong(-100, 100);
        for (int i = 0; i < 50_000; i++) {
            if (random.nextInt(1000) == 0) {
                period += random.nextInt(10) == 0 ? random.nextLong(40) : 1;
            }
            int number = random.nextInt(10_000);
            Long before = came.get(number);
            boolean known = before != null && period - before <= SeenKeys.REMEMBERED;
            assertThat(seen.add(key(number), period)).isEqualTo(known ? Result.SEEN : Result.NEW);
            if (!known) {
                came.put(number, period);
            }
        }
    }

    @Test
    void aMillionTakeUpToSixteenBytesEachAndGiveThemBack() {
        SeenKeys seen = new SeenKeys(1 << 20);
        for (int i = 0; i < 1 << 20; i++) {
            assertThat(seen.add(key(i), i >> 18)).isEqualTo(Result.NEW);
        }
        assertThat(seen.bytes()).isBetween(10L << 20, 17L << 20);
        assertThat(seen.add(key(-1), 3)).isEqualTo(Result.NO_ROOM);
        assertThat(seen.add(key(-1), SeenKeys.REMEMBERED)).isEqualTo(Result.NO_ROOM);
        assertThat(seen.add(key(-1), 1 + SeenKeys.REMEMBERED)).isEqualTo(Result.NEW);
        for (int i = 0; i < 1000; i++) {
            assertThat(seen.add(key(i), 100)).isEqualTo(Result.NEW);
        }
        assertThat(seen.bytes()).isLessThan(64 << 10);
    }

    @Test
    void aClockThatGoesBackForgetsNothing() {
        SeenKeys seen = new SeenKeys(10);
        assertThat(seen.add(key(1), 100)).isEqualTo(Result.NEW);
        assertThat(seen.add(key(1), 50)).isEqualTo(Result.SEEN);
        assertThat(seen.add(key(1), 100 + SeenKeys.REMEMBERED)).isEqualTo(Result.SEEN);
    }

    @Test
    void ofManyThreadsOneIsTheFirst() throws Exception {
        SeenKeys seen = new SeenKeys(1 << 20);
        AtomicInteger fresh = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Void> adding = () -> {
                for (int i = 0; i < 20_000; i++) {
                    if (seen.add(key(i), i / 4000) == Result.NEW) {
                        fresh.incrementAndGet();
                    }
                }
                return null;
            };
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(adding);
            }
            for (Future<Void> one : threads.invokeAll(all)) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(fresh).hasValue(20_000);
    }

    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(32).putInt(number).rewind();
    }
}
