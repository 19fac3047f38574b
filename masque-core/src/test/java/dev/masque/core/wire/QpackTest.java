package dev.masque.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QpackTest {
    private static final QpackDecoder DECODER = new QpackDecoder(16 << 10);

    static LongStream seeds() {
        return Vectors.seeds();
    }

    private static List<Map.Entry<String, String>> fields(SplittableRandom random) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            switch (random.nextInt(3)) {
                case 0 -> fields.add(QpackStaticTable.ROWS.get(random.nextInt(99)));
                case 1 ->
                    fields.add(Map.entry(
                            QpackStaticTable.ROWS.get(random.nextInt(99)).getKey(), text(random)));
                default -> fields.add(Map.entry("x-" + random.nextInt(1000), text(random)));
            }
        }
        return fields;
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readsWhatItWrites(long seed) throws Exception {
        List<Map.Entry<String, String>> fields = fields(new SplittableRandom(seed));

        ByteBuffer section = QpackEncoder.encode(fields);

        assertThat(DECODER.decode(section)).isEqualTo(fields);
        assertThat(section.hasRemaining()).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverComesGivesFieldsOrItsOwnException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] = 0;
            }
            try {
                DECODER.decode(ByteBuffer.wrap(noise));
            } catch (QpackException e) {
                assertThat(e.code()).isIn(0x107, 0x200);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCutSectionGivesFewerFieldsOrItsOwnException(long seed) {
        ByteBuffer section = QpackEncoder.encode(fields(new SplittableRandom(seed)));
        for (int length = 0; length < section.limit(); length++) {
            try {
                assertThat(DECODER.decode(section.slice(0, length))).hasSizeLessThan(20);
            } catch (QpackException e) {
                assertThat(e.code()).isEqualTo(0x200);
            }
        }
    }

    @Test
    void hasTheStaticTableOfTheRfc() {
        for (JsonNode row : Vectors.read("rfc9204-qpack/static-table.rfc9204.json")) {
            assertThat(QpackStaticTable.ROWS.get(row.get("index").asInt()))
                    .isEqualTo(
                            Map.entry(row.get("name").asText(), row.get("value").asText()));
        }
        assertThat(QpackStaticTable.ROWS).hasSize(99);
    }

    @Test
    void readsTheFirstExampleOfTheRfc() throws Exception {
        assertThat(DECODER.decode(Vectors.hex("0000510b2f696e6465782e68746d6c")))
                .containsExactly(Map.entry(":path", "/index.html")); // RFC 9204, B.1
    }

    @Test
    void readsAndWritesTheHuffmanStringsOfTheRfc() throws Exception {
        int checked = 0;
        for (JsonNode group : Vectors.read("rfc9204-qpack/primitives.rfc7541-appendix-c.json")) {
            for (JsonNode row : group) {
                if (row.has("text")) {
                    String text = row.get("text").asText();
                    ByteBuffer out = ByteBuffer.allocate(Huffman.encodedLength(text));
                    Huffman.encode(text, out);
                    assertThat(Vectors.hex(out.flip())).isEqualTo(row.get("hex").asText());
                    assertThat(Huffman.decode(out)).isEqualTo(text);
                    checked++;
                }
            }
        }
        assertThat(checked).isPositive();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenSections")
    void refusesABrokenSection(String name, String hex, int code) {
        assertThatThrownBy(() -> DECODER.decode(Vectors.hex(hex)))
                .isInstanceOfSatisfying(
                        QpackException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    static List<org.junit.jupiter.params.provider.Arguments> brokenSections() {
        return List.of(
                broken("no prefix", "", 0x200),
                broken("half a prefix", "00", 0x200),
                broken("required insert count", "0100", 0x200),
                broken("dynamic indexed", "000080", 0x200),
                broken("dynamic name reference", "00004000", 0x200),
                broken("post-base indexed", "000010", 0x200),
                broken("post-base name reference", "000000", 0x200),
                broken("static index 99", "0000ff24", 0x200),
                broken("endless integer", "0000ffffffffffffffffffffffffff", 0x200),
                broken("name longer than the section", "000027ffffff7f", 0x200),
                broken("value longer than the section", "00005105414243", 0x200),
                broken("huffman padding of zeros", "0000518100", 0x200),
                broken("huffman padding of eight bits", "00005182f8ff", 0x200),
                broken("huffman EOS", "00005184ffffffff", 0x200));
    }

    private static org.junit.jupiter.params.provider.Arguments broken(String name, String hex, int code) {
        return org.junit.jupiter.params.provider.Arguments.of(name, hex, code);
    }

    @Test
    void countsThirtyTwoBytesForEachFieldBeforeItAllocates() {
        byte[] many = new byte[10_000];
        java.util.Arrays.fill(many, (byte) 0xc1);
        many[0] = 0;
        many[1] = 0;

        assertThatThrownBy(() -> DECODER.decode(ByteBuffer.wrap(many)))
                .isInstanceOfSatisfying(
                        QpackException.class, e -> assertThat(e.code()).isEqualTo(0x107));
    }

    @Test
    void refusesAValueOverTheLimit() {
        ByteBuffer section = QpackEncoder.encode(List.of(Map.entry("x", "\u0001".repeat(17_000))));

        assertThatThrownBy(() -> DECODER.decode(section))
                .isInstanceOfSatisfying(
                        QpackException.class, e -> assertThat(e.code()).isEqualTo(0x107));
    }

    @Test
    void acceptsOnInstructionStreamsWhatIsLegalWithoutADynamicTable() throws Exception {
        QpackInstructions.ofEncoderStream().decode(Vectors.hex("2020"));
        QpackInstructions.ofDecoderStream().decode(Vectors.hex("447fffffffffffff3f44"));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {"3fbd01", "21", "c00f", "4a", "02", "3fffffffffffffffffff"})
    void refusesInsertionsOnTheEncoderStream(String hex) {
        assertThatThrownBy(() -> QpackInstructions.ofEncoderStream().decode(Vectors.hex(hex)))
                .isInstanceOfSatisfying(
                        QpackException.class, e -> assertThat(e.code()).isEqualTo(0x201));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"84", "01", "7fffffffffffffffffffff"})
    void refusesAcknowledgementsOnTheDecoderStream(String hex) {
        assertThatThrownBy(() -> QpackInstructions.ofDecoderStream().decode(Vectors.hex(hex)))
                .isInstanceOfSatisfying(
                        QpackException.class, e -> assertThat(e.code()).isEqualTo(0x202));
    }

    @Test
    void keepsCredentialsOutOfTables() {
        ByteBuffer section = QpackEncoder.encode(List.of(Map.entry("proxy-authorization", "Preshared k")));
        String wire = StandardCharsets.ISO_8859_1.decode(section).toString();

        assertThat(wire.charAt(2) & 0xf0).isEqualTo(0x30); // literal name, never indexed: RFC 9204, 4.5.6
    }
}
