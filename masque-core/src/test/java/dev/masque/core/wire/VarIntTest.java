package dev.masque.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarIntTest {
    static LongStream seeds() {
        return Vectors.seeds();
    }

    @Test
    void readsTheVectorsOfTheRfc() {
        JsonNode file = Vectors.read("quic-varint/varint.rfc9000.json");
        int checked = 0;
        for (JsonNode group : file) {
            for (JsonNode row : group.isArray() ? group : file) {
                if (row.has("hex") && row.has("value")) {
                    ByteBuffer in = Vectors.hex(row.get("hex").asText());
                    assertThat(VarInt.read(in)).isEqualTo(row.get("value").asLong());
                    assertThat(in.hasRemaining()).isFalse();
                    checked++;
                }
            }
        }
        assertThat(checked).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 63, 64, 16383, 16384, (1 << 30) - 1, 1 << 30, VarInt.MAX})
    void readsWhatItWritesAtEveryBoundary(long value) {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        VarInt.write(buffer, value);

        assertThat(buffer.position()).isEqualTo(VarInt.length(value));
        assertThat(VarInt.read(buffer.flip())).isEqualTo(value);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyProperPrefixNeedsMore(long seed) {
        long value = new SplittableRandom(seed).nextLong() & VarInt.MAX;
        ByteBuffer whole = ByteBuffer.allocate(8);
        VarInt.write(whole, value);
        whole.flip();

        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer prefix = whole.slice(0, length);
            assertThat(VarInt.read(prefix)).isEqualTo(-1);
            assertThat(prefix.position()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, VarInt.MAX + 1, Long.MAX_VALUE})
    void refusesWhatHasNoEncoding(long value) {
        assertThatThrownBy(() -> VarInt.length(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsNonMinimalEncodings() {
        assertThat(VarInt.read(Vectors.hex("4000"))).isZero();
        assertThat(VarInt.read(Vectors.hex("c000000000000025"))).isEqualTo(37);
    }
}
