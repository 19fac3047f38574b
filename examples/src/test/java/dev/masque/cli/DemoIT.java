package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoIT {
    @Test
    void theDemonstrationFindsEverythingAsItShouldBe() {
        assertThat(Masque.run("demo")).isZero();
    }
}
