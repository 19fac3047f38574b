package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class DemoIT {
    @Test
    void theDemonstrationFindsEverythingAsItShouldBe() {
        assertThat(Masque.run("demo")).isZero();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 has to be there")
    void nobodySeesBothEndsOfADoubleHop() {
        assertThat(Masque.run("demo", "--double-hop")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kwik", "quiche"})
    void soItDoesOverEachTransportForHttp3(String transport) {
        assertThat(Masque.run("demo", "--http", "3", "--http3", transport)).isZero();
    }
}
