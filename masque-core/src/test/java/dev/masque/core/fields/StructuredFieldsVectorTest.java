package dev.masque.core.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.masque.core.Bytes;
import dev.masque.core.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The public test suite of httpwg/structured-field-tests. */
class StructuredFieldsVectorTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    static Stream<Arguments> parsing() {
        return Stream.of(
                        "binary boolean date dictionary display-string examples item key-generated list listlist",
                        "number-generated number param-dict param-list param-listlist string-generated string",
                        "token-generated token")
                .flatMap(names -> Stream.of(names.split(" ")))
                .flatMap(name -> cases(name));
    }

    static Stream<Arguments> serialising() {
        return Stream.of("key-generated number string-generated token-generated".split(" "))
                .flatMap(name -> cases("serialisation-tests/" + name));
    }

    private static Stream<Arguments> cases(String file) {
        try (InputStream in =
                StructuredFieldsVectorTest.class.getResourceAsStream("/vectors/structured-fields/" + file + ".json")) {
            JsonNode tests = JSON.readTree(Objects.requireNonNull(in));
            return StreamSupport.stream(tests.spliterator(), false)
                    .map(test -> Arguments.of(file + ": " + test.get("name").asText(), test));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parsing")
    void parsesAndSerialisesAsTheSuiteSays(String name, JsonNode test) throws Exception {
        List<String> lines = new ArrayList<>();
        test.get("raw").forEach(line -> lines.add(line.asText()));
        String type = test.get("header_type").asText();

        if (test.path("must_fail").asBoolean()) {
            assertThatThrownBy(() -> parse(type, lines)).isInstanceOf(MalformedException.class);
            return;
        }
        Object parsed;
        try {
            parsed = parse(type, lines);
        } catch (MalformedException e) {
            assertThat(test.path("can_fail").asBoolean()).as("may fail").isTrue();
            return;
        }
        assertThat(parsed).isEqualTo(expected(type, test.get("expected")));
        List<String> canonical = new ArrayList<>();
        test.path("canonical").forEach(line -> canonical.add(line.asText()));
        List<String> wanted = test.has("canonical") ? canonical : lines;
        assertThat(format(type, parsed)).isEqualTo(String.join(", ", wanted));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("serialising")
    void refusesOrSerialisesWhatTheSuiteSays(String name, JsonNode test) throws Exception {
        String type = test.get("header_type").asText();

        if (test.path("must_fail").asBoolean()) {
            assertThatThrownBy(() -> format(type, expected(type, test.get("expected"))))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        assertThat(format(type, expected(type, test.get("expected"))))
                .isEqualTo(test.get("canonical").get(0).asText());
    }

    private static Object parse(String type, List<String> lines) throws MalformedException {
        return switch (type) {
            case "item" -> StructuredFields.parseItem(lines);
            case "list" -> StructuredFields.parseList(lines);
            default -> new ArrayList<>(StructuredFields.parseDictionary(lines).entrySet());
        };
    }

    @SuppressWarnings("unchecked")
    private static String format(String type, Object value) {
        return switch (type) {
            case "item" -> StructuredFields.formatItem((Member.Item) value);
            case "list" -> StructuredFields.formatList((List<Member>) value);
            default -> {
                Map<String, Member> members = new LinkedHashMap<>();
                ((List<Map.Entry<String, Member>>) value).forEach(e -> members.put(e.getKey(), e.getValue()));
                yield StructuredFields.formatDictionary(members);
            }
        };
    }

    private static Object expected(String type, JsonNode json) {
        return switch (type) {
            case "item" -> item(json);
            case "list" -> {
                List<Member> members = new ArrayList<>();
                json.forEach(member -> members.add(member(member)));
                yield members;
            }
            default -> {
                List<Map.Entry<String, Member>> members = new ArrayList<>();
                json.forEach(entry -> members.add(Map.entry(entry.get(0).asText(), member(entry.get(1)))));
                yield members;
            }
        };
    }

    private static Member member(JsonNode json) {
        if (!json.get(0).isArray()) {
            return item(json);
        }
        List<Member.Item> items = new ArrayList<>();
        json.get(0).forEach(item -> items.add(item(item)));
        return new Member.InnerList(items, parameters(json.get(1)));
    }

    private static Member.Item item(JsonNode json) {
        return new Member.Item(bare(json.get(0)), parameters(json.get(1)));
    }

    private static Map<String, BareItem> parameters(JsonNode json) {
        Map<String, BareItem> parameters = new LinkedHashMap<>();
        json.forEach(entry -> parameters.put(entry.get(0).asText(), bare(entry.get(1))));
        return parameters;
    }

    private static BareItem bare(JsonNode json) {
        if (json.isObject()) {
            JsonNode value = json.get("value");
            return switch (json.get("__type").asText()) {
                case "token" -> new BareItem.TokenItem(value.asText());
                case "binary" -> new BareItem.BytesItem(Bytes.copyOf(base32(value.asText())));
                case "date" -> new BareItem.DateItem(value.asLong());
                default -> new BareItem.DisplayItem(value.asText());
            };
        }
        if (json.isBoolean()) {
            return new BareItem.BooleanItem(json.asBoolean());
        }
        if (json.isTextual()) {
            return new BareItem.StringItem(json.asText());
        }
        return json.isIntegralNumber()
                ? new BareItem.IntegerItem(json.asLong())
                : new BareItem.DecimalItem(json.decimalValue());
    }

    private static byte[] base32(String text) {
        String digits = text.replace("=", "");
        byte[] out = new byte[digits.length() * 5 / 8];
        long bits = 0;
        int count = 0;
        int at = 0;
        for (int i = 0; i < digits.length(); i++) {
            bits = bits << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digits.charAt(i));
            count += 5;
            if (count >= 8) {
                out[at++] = (byte) (bits >> (count - 8));
                count -= 8;
            }
        }
        return out;
    }
}
