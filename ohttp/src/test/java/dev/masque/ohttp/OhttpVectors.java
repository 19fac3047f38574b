package dev.masque.ohttp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the published vectors in the test resources. */
public final class OhttpVectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OhttpVectors() {}

    public static JsonNode read(String name) {
        try (InputStream in =
                Objects.requireNonNull(OhttpVectors.class.getResourceAsStream("/vectors/" + name), name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    /** Every test of a Wycheproof file, with the members of its group that are no list. */
    public static Stream<JsonNode> wycheproof(String name) {
        return each(read("wycheproof/" + name).get("testGroups")).flatMap(group -> each(group.get("tests")));
    }

    public static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    public static byte[] bytes(JsonNode node, String member) {
        return bytes(node.get(member));
    }

    public static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asText());
    }

    public static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
