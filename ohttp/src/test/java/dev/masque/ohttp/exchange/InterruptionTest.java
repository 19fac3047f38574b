package dev.masque.ohttp.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InterruptionTest {
    private final Watchdog watchdog = new Watchdog("test");

    @AfterEach
    void stop() {
        watchdog.close();
    }

    @Test
    void aThreadThatWaitsIsInterruptedWhenTheTimeIsOver() {
        try (Interruption limit = new Interruption(watchdog, Duration.ofMillis(20))) {
            assertThatThrownBy(() -> new CountDownLatch(1).await()).isInstanceOf(InterruptedException.class);
            assertThat(limit.expired()).isTrue();
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aThreadThatRunsIsInterruptedNoSoonerThanItWaits() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Interruption limit = new Interruption(watchdog, Duration.ofMillis(1))) {
            Watchdog.Watch later = watchdog.watch(Duration.ofMillis(50), over::countDown);
            while (over.getCount() > 0) {
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                Thread.onSpinWait();
            }
            assertThat(later.expired()).isTrue();
            assertThatThrownBy(() -> new CountDownLatch(1).await()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void whatIsDoneInTimeIsNotInterrupted() throws Exception {
        while (true) {
            long began = System.nanoTime();
            try (Interruption limit = new Interruption(watchdog, Duration.ofMillis(20))) {
                limit.extend(Duration.ofHours(1));
                if (System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(15)) {
                    continue; // the machine had no time for us, and it may have been too late
                }
                CountDownLatch later = new CountDownLatch(1);
                watchdog.watch(Duration.ofMillis(60), later::countDown);
                assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(limit.expired()).isFalse();
                return;
            }
        }
    }

    @Test
    void nothingMayBeginWhenTheWatchdogIsClosed() {
        watchdog.close();
        try (Interruption limit = new Interruption(watchdog, Duration.ofHours(1))) {
            assertThat(limit.expired()).isTrue();
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whatEndsSoonerIsSeenThoughAnotherWasToEndLater() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Watchdog.Watch late = watchdog.watch(Duration.ofHours(1), () -> {});
                Watchdog.Watch soon = watchdog.watch(Duration.ofMillis(5), ended::countDown)) {
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(soon.expired()).isTrue();
            assertThat(late.expired()).isFalse();
        }
    }
}
