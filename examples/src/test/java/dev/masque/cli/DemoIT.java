package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DemoIT {
    @Test
    void theDemonstrationFindsEverythingAsItShouldBe() {
        assertThat(Masque.run("demo")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kwik", "quiche"})
    void soItDoesOverEachTransportForHttp3(String transport) {
        assertThat(Masque.run("demo", "--http", "3", "--http3", transport)).isZero();
    }
}
