package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CoDelTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long START = Long.MAX_VALUE - 50 * MILLI; // the clock may pass its end

    private final CoDel codel = new CoDel();
    private long now = START;

    /** When one is dropped of those that leave one each millisecond, in milliseconds. */
    private List<Long> drops(int milliseconds, long waited) {
        List<Long> drops = new ArrayList<>();
        for (int i = 0; i < milliseconds; i++) {
            while (codel.drops(waited, false, now)) {
                drops.add((now - START) / MILLI);
            }
            now += MILLI;
        }
        return drops;
    }

    @Test
    void whoWaitsAShortTimeIsNeverDropped() {
        assertThat(drops(10_000, CoDel.TARGET_NANOS - 1)).isEmpty();
    }

    @Test
    void aBurstIsNotDropped() {
        assertThat(drops(100, 1_000 * MILLI)).isEmpty();
        assertThat(drops(1, 0)).isEmpty();
        assertThat(drops(100, 1_000 * MILLI)).isEmpty();
    }

    /** 100 ms divided by the square root of how many were dropped. */
    @Test
    void ofAQueueThatStandsMoreAndMoreAreDropped() {
        assertThat(drops(500, CoDel.TARGET_NANOS)).containsExactly(100L, 200L, 271L, 329L, 379L, 424L, 464L);
    }

    @Test
    void whenTheQueueIsShortAgainNothingIs() {
        drops(500, 20 * MILLI);
        assertThat(drops(1, 4 * MILLI)).isEmpty();
        assertThat(drops(100, 20 * MILLI)).isEmpty();
    }

    @Test
    void whatHelpedIsRemembered() {
        drops(500, 20 * MILLI); // seven
        drops(1, 0);

        assertThat(drops(150, 20 * MILLI)).containsExactly(601L, 642L);
    }

    @Test
    void afterAWhileItBeginsAnew() {
        drops(500, 20 * MILLI);
        drops(2_000, 0);

        assertThat(drops(201, 20 * MILLI)).containsExactly(2_600L, 2_700L);
    }

    @Test
    void theLastIsNeverDropped() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(codel.drops(1_000 * MILLI, true, now)).isFalse();
            now += MILLI;
        }
    }
}
