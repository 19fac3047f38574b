package dev.masque.ohttp.bhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.masque.ohttp.bhttp.BinaryHttpException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of RFC 9292, section 5, and what another implementation tests itself with. */
class BinaryHttpVectorsTest {
    private record Row(JsonNode json) {
        @Override
        public String toString() {
            return json.get("name").asText();
        }
    }

    static Stream<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String file : List.of("examples.rfc9292.json", "extra-cases.martinthomson-ohttp.json")) {
            try (InputStream in = BinaryHttpVectorsTest.class.getResourceAsStream("/vectors/rfc9292-bhttp/" + file)) {
                new ObjectMapper().readTree(Objects.requireNonNull(in)).forEach(json -> rows.add(new Row(json)));
            }
        }
        return rows.stream();
    }

    private static Fields fields(JsonNode json) {
        List<Field> lines = new ArrayList<>();
        json.forEach(
                line -> lines.add(new Field(line.get(0).asText(), line.get(1).asText())));
        return Fields.of(lines);
    }

    private static BinaryRequest request(JsonNode json) {
        RequestHead head = new RequestHead(
                json.get("method").asText(),
                json.get("scheme").asText(),
                json.get("authority").asText(),
                json.get("path").asText(),
                fields(json.get("fields")));
        return new BinaryRequest(head, Messages.hex(json.get("content").asText()), fields(json.get("trailers")));
    }

    private static BinaryResponse response(JsonNode json) {
        List<ResponseHead> informational = new ArrayList<>();
        json.get("informational")
                .forEach(one ->
                        informational.add(new ResponseHead(one.get("status").asInt(), fields(one.get("fields")))));
        return new BinaryResponse(
                informational,
                new ResponseHead(json.get("status").asInt(), fields(json.get("fields"))),
                Messages.hex(json.get("content").asText()),
                fields(json.get("trailers")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsAndWritesThePublishedMessages(Row row) throws Exception {
        JsonNode json = row.json();
        ByteBuffer bytes = Messages.hex(json.get("bhttp").asText());
        if (json.has("error")) {
            assertThatThrownBy(() -> BinaryRequest.decode(bytes.duplicate(), BinaryHttpLimits.DEFAULT))
                    .isInstanceOfSatisfying(
                            BinaryHttpException.class, e -> assertThat(e.kind()).isIn(Kind.TRUNCATED, Kind.TOO_LARGE));
            return;
        }
        Framing framing = json.get("framing").asInt() < 2 ? Framing.KNOWN_LENGTH : Framing.INDETERMINATE_LENGTH;
        String written;
        if (json.has("request")) {
            BinaryRequest expected = request(json.get("request"));
            assertThat(BinaryRequest.decode(bytes.duplicate(), BinaryHttpLimits.DEFAULT))
                    .isEqualTo(expected);
            written = Messages.hex(expected.encode(framing));
        } else {
            BinaryResponse expected = response(json.get("response"));
            assertThat(BinaryResponse.decode(bytes.duplicate(), BinaryHttpLimits.DEFAULT))
                    .isEqualTo(expected);
            written = Messages.hex(expected.encode(framing));
        }
        // the same bytes but for zeros at the end, which may be more or fewer
        assertThat(written.replaceAll("(00)+$", ""))
                .isEqualTo(Messages.hex(bytes).replaceAll("(00)+$", ""));
    }
}
