package dev.masque.privacypass.redis;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"redis://localhost", "redis://u:p@localhost:1/2", "rediss://[::1]:6380/", "redis://:p@10.0.0.1"})
    void whatSaysWhereRedisIsIsTaken(String address) {
        RedisSpentTokens.builder(URI.create(address)).build().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "redis:", "localhost:6379", "redis://localhost/db", "redis:///1", "/a"})
    void whatDoesNotIsRefused(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> RedisSpentTokens.builder(URI.create(address)));
    }

    @Test
    void limitsAreChecked() {
        RedisSpentTokens.Builder builder = RedisSpentTokens.builder(URI.create("redis://localhost"));

        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ofDays(2)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connections(0));
    }
}
