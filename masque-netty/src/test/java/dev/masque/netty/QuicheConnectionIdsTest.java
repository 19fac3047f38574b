package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuicheConnectionIdsTest {
    private static final int LENGTH = 20;

    private final QuicheConnectionIds ids = new QuicheConnectionIds();

    private static ByteBuffer id(int seed) {
        return ByteBuffer.allocateDirect(8).putInt(0, seed);
    }

    @Test
    void theFirstFollowsFromTheClients() {
        ByteBuffer first = ids.newId(id(1), id(2), LENGTH);

        assertThat(first.remaining()).isEqualTo(LENGTH);
        assertThat(ids.newId(id(3), id(2), LENGTH)).isEqualTo(first);
        assertThat(ids.newId(id(1), id(4), LENGTH)).isNotEqualTo(first);
    }

    @Test
    void theOthersAreNewEachTime() {
        Set<ByteBuffer> seen = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            ByteBuffer made = ids.newId(id(1), LENGTH);
            assertThat(made.remaining()).isEqualTo(LENGTH);
            assertThat(seen.add(made)).isTrue();
        }
    }
}
