package dev.masque.ohttp.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.exchange.Problem;
import dev.masque.ohttp.exchange.StatusException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReplayFilterTest {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final AtomicInteger full = new AtomicInteger();
    private final MutableClock clock = new MutableClock();
    private final ReplayFilter filter = new ReplayFilter(WINDOW, false, 100, clock, full::incrementAndGet);

    @Test
    void aRequestIsTakenOnce() throws Exception {
        filter.check(key(1), Fields.empty());

        assertRefused(key(1), Fields.empty(), 400, Problem.NONE);
        filter.check(key(2), Fields.empty());
    }

    @Test
    void aDateWithinTheWindowIsTakenEitherSide() {
        assertThatCode(() -> filter.check(key(1), dated(Duration.ofMinutes(5)))).doesNotThrowAnyException();
        assertThatCode(() -> filter.check(key(2), dated(Duration.ofMinutes(-5))))
                .doesNotThrowAnyException();
    }

    @Test
    void aDateOutsideOfTheWindowIsAProblem() {
        assertRefused(key(1), dated(Duration.ofSeconds(301)), 400, Problem.DATE);
        assertRefused(key(2), dated(Duration.ofSeconds(-301)), 400, Problem.DATE);
    }

    @Test
    void aDateThatIsNoneIsAProblem() {
        assertRefused(key(1), Fields.of("date", "yesterday"), 400, Problem.DATE);
        assertRefused(key(2), Fields.of("date", "", "date", ""), 400, Problem.DATE);
    }

    @Test
    void aMissingDateIsAProblemWhereOneIsRequired() {
        ReplayFilter strict = new ReplayFilter(WINDOW, true, 100, clock, () -> {});

        assertThatThrownBy(() -> strict.check(key(1), Fields.empty()))
                .isInstanceOfSatisfying(
                        StatusException.class, e -> assertThat(e.problem()).isEqualTo(Problem.DATE));
    }

    @Test
    void aReplayIsEitherRememberedOrTooOld() throws Exception {
        for (int start = 0; start < 20; start++) { // wherever in the filter's own period it begins
            Fields ahead = dated(WINDOW);
            filter.check(key(100 + start), ahead);
            for (int minute = 1; minute <= 11; minute++) {
                clock.advance(Duration.ofMinutes(1));
                ByteBuffer again = key(100 + start);
                assertThatThrownBy(() -> filter.check(again, ahead)).isInstanceOf(StatusException.class);
            }
            clock.advance(Duration.ofSeconds(61));
        }
    }

    @Test
    void whatIsRememberedIsBounded() throws Exception {
        for (int i = 0; i < 100; i++) {
            filter.check(key(i), Fields.empty());
        }
        assertRefused(key(100), Fields.empty(), 503, Problem.NONE);
        assertRefused(key(101), Fields.empty(), 503, Problem.NONE);
        assertThat(full).as("told once").hasValue(1);
        assertRefused(key(99), Fields.empty(), 400, Problem.NONE);

        clock.advance(WINDOW.multipliedBy(2).plus(filter.relief()));
        filter.check(key(101), Fields.empty());
    }

    @Test
    void aWindowOfZeroTakesEverything() throws Exception {
        ReplayFilter off = new ReplayFilter(Duration.ZERO, true, 1, clock, () -> {});
        for (int i = 0; i < 3; i++) {
            off.check(key(1), Fields.of("date", "whenever"));
        }
        assertThat(off).isNotNull();
    }

    private Fields dated(Duration fromNow) {
        return Fields.of(
                "date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        clock.instant().plus(fromNow).atOffset(ZoneOffset.UTC)));
    }

    private void assertRefused(ByteBuffer key, Fields fields, int status, Problem problem) {
        assertThatThrownBy(() -> filter.check(key, fields)).isInstanceOfSatisfying(StatusException.class, e -> {
            assertThat(e.status()).isEqualTo(status);
            assertThat(e.problem()).isEqualTo(problem);
        });
    }

    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(32).putInt(number).rewind();
    }
}
