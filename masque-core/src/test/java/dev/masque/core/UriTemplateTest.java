package dev.masque.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UriTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode read(String file) {
        try (InputStream in = UriTemplateTest.class.getResourceAsStream("/vectors/uri-template/" + file)) {
            return JSON.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All cases that use strings only; lists and maps are level 4. */
    static Stream<Arguments> expansions() {
        List<Arguments> cases = new ArrayList<>();
        for (String file : List.of("spec-examples.json", "spec-examples-by-section.json", "extended-tests.json")) {
            read(file)
                    .forEach(group -> group.get("testcases").forEach(test -> {
                        String template = test.get(0).asText();
                        if (isLevel3(template, group.get("variables"))) {
                            cases.add(Arguments.of(template, strings(group.get("variables")), test.get(1)));
                        }
                    }));
        }
        read("masque-templates.rfc9298-rfc9484.json")
                .forEach(test -> cases.add(Arguments.of(
                        test.get("template").asText(), strings(test.get("variables")), test.get("expanded"))));
        return cases.stream();
    }

    private static boolean isLevel3(String template, JsonNode variables) {
        boolean expressions = template.replaceAll("\\{[^}]*[*:][^}]*}", "").equals(template);
        boolean[] plain = {true};
        variables.properties().forEach(v -> plain[0] &= v.getValue().isValueNode() || !template.contains(v.getKey()));
        return expressions && plain[0];
    }

    private static Map<String, String> strings(JsonNode variables) {
        Map<String, String> values = new HashMap<>();
        variables.properties().forEach(v -> {
            if (v.getValue().isValueNode() && !v.getValue().isNull()) {
                values.put(v.getKey(), v.getValue().asText());
            }
        });
        return values;
    }

    static Stream<String> failures() {
        List<String> templates = new ArrayList<>();
        read("negative-tests.json")
                .forEach(group -> group.get("testcases").forEach(test -> {
                    if (test.get(1).isBoolean()) {
                        templates.add(test.get(0).asText());
                    }
                }));
        return templates.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expansions")
    void expandsAsThePublicSuiteSays(String template, Map<String, String> values, JsonNode expected) {
        List<String> accepted = new ArrayList<>();
        if (expected.isArray()) {
            expected.forEach(e -> accepted.add(e.asText()));
        } else {
            accepted.add(expected.asText());
        }

        assertThat(accepted).contains(UriTemplate.parse(template).expand(values));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void refusesWhatThePublicSuiteRefuses(String template) {
        assertThatThrownBy(() -> UriTemplate.parse(template)).isInstanceOf(IllegalArgumentException.class);
    }
}
