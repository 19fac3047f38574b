package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records are their types here, one letter each; see {@link #record}. */
class NoRenegotiationTest {
    private static final String TYPES = "CAHD"; // 20 to 23

    private static ByteBuf record(char type) {
        int length = 20 * TYPES.indexOf(type); // the first is empty, the others' payload looks like headers
        ByteBuf record = Unpooled.buffer().writeByte(20 + TYPES.indexOf(type)).writeShort(0x303);
        record.writeShort(length);
        for (int i = 0; i < length; i++) {
            record.writeByte(20 + i % 4);
        }
        return record;
    }

    /** Whether the connection is open after these records, which come in pieces of some size. */
    private static boolean survives(String records, int piece) {
        ByteBuf all = Unpooled.buffer();
        records.chars().forEach(type -> all.writeBytes(record((char) type)));
        int length = all.readableBytes();
        EmbeddedChannel channel = new EmbeddedChannel(new NoRenegotiation());
        while (all.isReadable() && channel.isOpen()) {
            channel.writeInbound(all.readRetainedSlice(Math.min(piece, all.readableBytes())));
        }
        int passed = 0;
        for (ByteBuf in = channel.readInbound(); in != null; in = channel.readInbound()) {
            passed += in.readableBytes();
            in.release();
        }
        all.release();
        assertThat(all.refCnt()).isZero();
        assertThat(passed == length).isEqualTo(channel.isOpen());
        return channel.isOpen();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_000})
    void aHandshakeAndDataPass(int piece) {
        assertThat(survives("HHHCHDDDA", piece)).isTrue();
        assertThat(survives("HCHDDDA", piece)).isTrue(); // TLS 1.3 after a HelloRetryRequest
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_000})
    void aSecondHandshakeDoesNot(int piece) {
        assertThat(survives("HHCHDDH", piece)).isFalse();
        assertThat(survives("HHCHHHC", piece)).isFalse();
    }
}
