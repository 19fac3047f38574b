package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"a:b\"}",
                "  {\n \"title\": \"x, \\\"type\\\": y\", \"type\" :\t\"a:b\" , \"z\": 1}",
                "{\"x\":{\"type\":\"no\"},\"y\":[\"type\",\"no\"],\"n\":\"type\",\"type\":\"a:b\"}",
                "{\"type\":\"a:b\"",
            })
    void findsTheTypeOfTheProblemItself(String json) {
        assertThat(Problem.type(json)).isEqualTo("a:b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[\"type\",\"a:b\"]",
                "x{\"type\":\"a:b\"}",
                "{\"x\":{\"type\":\"a:b\"}}",
                "{\"type\":1,\"x\":\"a:b\"}",
                "{\"type\":null}",
                "{\"type\":{\"x\":\"a:b\"}}",
                "{\"type\"",
                "{\"type\":\"a:",
                "{\"x\":\"type\"}",
                "\"type\":\"a:b\"",
            })
    void findsNoneWhereThereIsNone(String json) {
        assertThat(Problem.type(json)).isNull();
    }

    @Test
    void aSlashMayBeEscaped() {
        assertThat(Problem.type("{\"type\":\"https:\\/\\/iana.org\"}")).isEqualTo("https://iana.org");
    }

    @Test
    void noiseIsNoProblem() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder json = new StringBuilder();
            for (int c = random.nextInt(30); c > 0; c--) {
                json.append("{}[]\":,\\ atype1".charAt(random.nextInt(15)));
            }
            Problem.type(json.toString());
        }
    }
}
