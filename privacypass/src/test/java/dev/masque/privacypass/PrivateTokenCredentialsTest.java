package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateTokenCredentialsTest {
    static Stream<Long> seeds() {
        return LongStream.range(0, 20).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void tokensReadBack(long seed) throws MalformedException {
        Token token = new Randoms(seed).token();
        String field = PrivateTokenCredentials.format(token);

        assertThat(PrivateTokenCredentials.parse(field)).contains(token);
        assertThat(PrivateTokenCredentials.parse(field.replace("\"", "").replace("=,", ",") + ", more=1"))
                .contains(token);
        assertThat(token.toString()).isEqualTo("Token[type=" + token.type() + "]");
    }

    @Test
    void otherSchemesHoldNoToken() throws MalformedException {
        assertThat(PrivateTokenCredentials.parse("Bearer abc")).isEmpty();
        assertThat(PrivateTokenCredentials.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PrivateToken",
                "PrivateToken token=",
                "PrivateToken token=\"AAJA\"",
                "PrivateToken token=\"AAJA\", token=\"AAJA\"",
                "PrivateToken token=\"AAJA\", Basic abc",
                "PrivateToken token=\"ABCD\"",
                "PrivateToken token=\"é\""
            })
    void anythingButOneTokenIsRefused(String field) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> PrivateTokenCredentials.parse(field));
    }

    @Test
    void tokensOfTheWrongLengthAreRefused() {
        Token token = new Randoms(1).token();
        byte[] encoded = token.encode().toArray();

        for (int size : new int[] {encoded.length - 1, encoded.length + 1}) {
            Bytes other = Bytes.copyOf(Arrays.copyOf(encoded, size));
            assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Token.decode(other));
        }
    }
}
