package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RingTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatGoesInComesOutInOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Ring ring = new Ring();
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[40_000];
        for (int i = 0; i < 400; i++) {
            if (random.nextBoolean()) {
                byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 100 : 20_000)];
                random.nextBytes(bytes);
                ring.write(ByteBuffer.wrap(bytes));
                in.writeBytes(bytes);
            } else {
                out.write(chunk, 0, ring.read(chunk, 0, random.nextInt(chunk.length)));
            }
            assertThat(ring.size()).isEqualTo(in.size() - out.size());
        }
        while (ring.size() > 0) {
            out.write(chunk, 0, ring.read(chunk, 0, chunk.length));
        }

        assertThat(out.toByteArray()).isEqualTo(in.toByteArray());
    }
}
