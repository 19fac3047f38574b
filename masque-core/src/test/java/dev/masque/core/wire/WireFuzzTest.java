package dev.masque.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.masque.core.MalformedException;
import java.nio.ByteBuffer;

/** Whatever comes, a decoder gives a value or its own exception. Replays the corpus in the build. */
class WireFuzzTest {
    @FuzzTest
    void varInt(byte[] data) {
        assertThat(VarInt.read(ByteBuffer.wrap(data))).isBetween(-1L, VarInt.MAX);
    }

    @FuzzTest
    void capsules(byte[] data) {
        try {
            CapsuleDecoder decoder = new CapsuleDecoder(
                    1500, payload -> assertThat(payload.remaining()).isLessThanOrEqualTo(1500));
            decoder.decode(ByteBuffer.wrap(data));
            decoder.end();
        } catch (MalformedException e) {
            assertThat(e).hasMessageContaining("cut short");
        }
    }

    @FuzzTest
    void fieldSection(byte[] data) {
        try {
            new QpackDecoder(4096).decode(ByteBuffer.wrap(data));
        } catch (QpackException e) {
            assertThat(e.code()).isIn(0x107, 0x200);
        }
    }

    @FuzzTest
    void encoderStream(byte[] data) {
        try {
            QpackInstructions.ofEncoderStream().decode(ByteBuffer.wrap(data));
        } catch (QpackException e) {
            assertThat(e.code()).isEqualTo(0x201);
        }
    }
}
