package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuicheConnectionIdsTest {
    private static final int LENGTH = 20;

    private final SecretKeySpec key = QuicheConnectionIds.newKey();
    private final QuicheConnectionIds ids = new QuicheConnectionIds(key, 0);

    private static ByteBuffer id(int seed) {
        return ByteBuffer.allocateDirect(8).putInt(0, seed);
    }

    /** A packet with a short header, RFC 9000, 17.3.1. */
    private static ByteBuf packet(ByteBuffer id) {
        return Unpooled.buffer().writeByte(0x40).writeBytes(id).writeZero(30);
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 255})
    void eachTellsTheSocketsOfThePortWhoseItIs(int number) {
        QuicheConnectionIds owner = new QuicheConnectionIds(key, number);
        for (int i = 0; i < 100; i++) {
            assertThat(ids.socketOf(packet(owner.newId(LENGTH)))).isEqualTo(number);
            assertThat(ids.socketOf(packet(owner.newId(id(i), LENGTH)))).isEqualTo(number);
            assertThat(ids.socketOf(packet(owner.newId(id(i), id(i), LENGTH)))).isEqualTo(number);
        }
    }

    @Test
    void nobodyElseCanTell() {
        QuicheConnectionIds stranger = new QuicheConnectionIds(QuicheConnectionIds.newKey(), 0);
        Set<Integer> told = new HashSet<>();
        Set<Byte> first = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ByteBuffer made = ids.newId(LENGTH);
            told.add(stranger.socketOf(packet(made.duplicate())));
            first.add(made.get(0));
        }
        assertThat(told).hasSizeGreaterThan(50);
        assertThat(first).hasSizeGreaterThan(50);
    }

    @Test
    void aPacketThatIsTooShortIsNobodyElses() {
        assertThat(ids.socketOf(Unpooled.wrappedBuffer(new byte[LENGTH]))).isZero();
        assertThat(ids.socketOf(Unpooled.EMPTY_BUFFER)).isZero();
    }
}
