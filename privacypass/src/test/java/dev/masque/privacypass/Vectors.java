package dev.masque.privacypass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Published vectors, as files of the class path. */
final class Vectors {
    private Vectors() {}

    static JsonNode read(String file) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file), file)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cases of files, each with a name that says which it is. */
    static Stream<Arguments> cases(String... files) {
        List<Arguments> cases = new ArrayList<>();
        for (String file : files) {
            int number = 0;
            for (JsonNode one : read(file)) {
                cases.add(Arguments.argumentSet(file + " " + ++number, one));
            }
        }
        return cases.stream();
    }

    static Bytes hex(JsonNode one, String name) {
        JsonNode value = one.get(name);
        return hex(Objects.requireNonNull(value, name));
    }

    static Bytes hex(JsonNode value) {
        return Bytes.copyOf(HexFormat.of().parseHex(value.asText()));
    }

    static Bytes hex(String value) {
        return Bytes.copyOf(HexFormat.of().parseHex(value));
    }
}
