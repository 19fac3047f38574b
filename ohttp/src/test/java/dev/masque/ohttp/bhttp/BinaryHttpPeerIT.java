package dev.masque.ohttp.bhttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.masque.ohttp.interop.NodePeer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What we write bhttp-js reads, and the other way round. */
@Timeout(300)
class BinaryHttpPeerIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Names and values that the fetch API leaves as they are, sorted as it sorts them. Names under 64 bytes: with indeterminate
     * length bhttp-js 0.2.1 steps back one byte of a name's length, however many it has.
     */
    private static Fields fields(SplittableRandom random) {
        List<Field> lines = new ArrayList<>();
        for (int i = 0; i < random.nextInt(20); i++) {
            lines.add(new Field(
                    String.format("x-%02d%s", i, "n".repeat(random.nextInt(59))),
                    "v" + "=".repeat(random.nextInt(300)) + i));
        }
        return Fields.of(lines);
    }

    private static ByteBuffer content(SplittableRandom random) {
        byte[] content = new byte[random.nextInt(1, random.nextBoolean() ? 60 : 30_000)];
        random.nextBytes(content);
        return ByteBuffer.wrap(content);
    }

    private static BinaryRequest request(SplittableRandom random) {
        RequestHead head = new RequestHead(
                "POST", "https", "t.example:8443", "/a%20b/" + "p".repeat(random.nextInt(100)), fields(random));
        return BinaryRequest.of(head, content(random));
    }

    private static BinaryResponse response(SplittableRandom random) {
        return BinaryResponse.of(new ResponseHead(random.nextInt(400, 600), fields(random)), content(random));
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    private static void assertFields(JsonNode seen, Fields expected) {
        List<Field> lines = new ArrayList<>();
        seen.forEach(
                field -> lines.add(new Field(field.get(0).asText(), field.get(1).asText())));
        assertThat(Fields.of(lines).without("content-type"::equals)).isEqualTo(expected);
    }

    @Test
    void thePeerReadsWhatWeWrite() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        List<BinaryRequest> requests = new ArrayList<>();
        List<BinaryResponse> responses = new ArrayList<>();
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            Framing framing = List.of(Framing.values()).get(i % 3);
            requests.add(request(random));
            responses.add(response(random));
            input.append("request ")
                    .append(Messages.hex(requests.get(i).encode(framing)))
                    .append('\n');
            input.append("response ")
                    .append(Messages.hex(responses.get(i).encode(framing)))
                    .append('\n');
        }

        NodePeer.Result result = NodePeer.run(input.toString(), "decode");

        assertThat(result.status()).as(result.errors()).isZero();
        List<String> output = lines(result.output());
        assertThat(output).hasSize(120);
        for (int i = 0; i < 60; i++) {
            JsonNode request = JSON.readTree(output.get(2 * i));
            RequestHead head = requests.get(i).head();
            assertThat(request.path("method").asText()).as(request.toString()).isEqualTo("POST");
            assertThat(request.path("url").asText()).isEqualTo("https://t.example:8443" + head.path());
            assertFields(request.path("fields"), head.fields());
            assertThat(request.path("content").asText())
                    .isEqualTo(Messages.hex(requests.get(i).content()));
            JsonNode response = JSON.readTree(output.get(2 * i + 1));
            assertThat(response.path("status").asInt())
                    .as(response.toString())
                    .isEqualTo(responses.get(i).head().status());
            assertFields(response.path("fields"), responses.get(i).head().fields());
            assertThat(response.path("content").asText())
                    .isEqualTo(Messages.hex(responses.get(i).content()));
        }
    }

    @Test
    void weReadWhatThePeerWrites() throws Exception {
        SplittableRandom random = new SplittableRandom(12);
        List<BinaryRequest> requests = new ArrayList<>();
        List<BinaryResponse> responses = new ArrayList<>();
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            BinaryRequest request = request(random);
            BinaryResponse response = response(random);
            requests.add(request);
            responses.add(response);
            ObjectNode one = json(request.head().fields(), request.content())
                    .put("method", "POST")
                    .put("url", "https://t.example:8443" + request.head().path());
            ObjectNode other = json(response.head().fields(), response.content())
                    .put("status", response.head().status());
            input.append(one).append('\n').append(other).append('\n');
        }

        NodePeer.Result result = NodePeer.run(input.toString(), "encode");

        assertThat(result.status()).as(result.errors()).isZero();
        List<String> output = lines(result.output());
        assertThat(output).hasSize(120);
        for (int i = 0; i < 60; i++) {
            assertThat(BinaryRequest.decode(Messages.hex(output.get(2 * i)), BinaryHttpLimits.DEFAULT))
                    .isEqualTo(requests.get(i));
            assertThat(BinaryResponse.decode(Messages.hex(output.get(2 * i + 1)), BinaryHttpLimits.DEFAULT))
                    .isEqualTo(responses.get(i));
        }
    }

    private static ObjectNode json(Fields fields, ByteBuffer content) {
        ObjectNode message = JSON.createObjectNode();
        ArrayNode lines = message.putArray("fields");
        fields.forEach(field -> lines.addArray().add(field.name()).add(field.value()));
        return message.put("content", Messages.hex(content));
    }
}
