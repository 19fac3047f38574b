package dev.masque.ohttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkedLawsTest {
    private final GatewayKey key = GatewayKey.generate(9, KeyType.X25519, new SecureRandom());
    private final GatewayKeys keys = GatewayKeys.of(List.of(key));

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 12);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMessageComesBackBothWays(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        byte[] question = bytes(random);
        byte[] answer = bytes(random);
        ChunkedClientExchange client = ChunkedClientExchange.start(key.config());
        ByteArrayOutputStream asked = new ByteArrayOutputStream();
        ByteArrayOutputStream answered = new ByteArrayOutputStream();

        ChunkedGatewayExchange gateway = keys.openChunked(ChunkOpener.CHUNK, into(asked));
        feed(gateway.request(), seal(client.request(), question, random), () -> Integer.MAX_VALUE);
        feed(
                client.response(ChunkOpener.CHUNK, into(answered)),
                seal(gateway.response(), answer, random),
                () -> Integer.MAX_VALUE);

        assertThat(asked.toByteArray()).isEqualTo(question);
        assertThat(answered.toByteArray()).isEqualTo(answer);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void splittingTheStreamAnywhereChangesNothing(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        byte[] plain = bytes(random);
        byte[] request = seal(ChunkedClientExchange.start(key.config()).request(), plain, random);

        assertThat(open(request, () -> random.nextInt(1, 9))).isEqualTo(plain);
        assertThat(open(request, () -> random.nextInt(1, 20000))).isEqualTo(plain);
    }

    @Test
    void anyProperPrefixIsTruncatedOnlyOnceItEnds() throws Exception {
        ChunkSealer sealer = ChunkedClientExchange.start(key.config()).request();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Encapsulation.bytes(sealer.chunk(ByteBuffer.wrap(new byte[100]))));
        out.writeBytes(Encapsulation.bytes(sealer.chunk(ByteBuffer.wrap(new byte[3]))));
        out.writeBytes(Encapsulation.bytes(sealer.last(ByteBuffer.wrap(new byte[5]))));
        byte[] request = out.toByteArray();

        for (int length = 0; length < request.length; length++) {
            ChunkOpener opener = keys.openChunked(ChunkOpener.CHUNK, c -> {}).request();
            opener.decode(ByteBuffer.wrap(request, 0, length));
            assertThatThrownBy(opener::end)
                    .isInstanceOfSatisfying(
                            OhttpException.class,
                            e -> assertThat(e.kind())
                                    .isIn(OhttpException.Kind.TRUNCATED, OhttpException.Kind.UNDECRYPTABLE));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void changedBytesGiveOnlyTheDeclaredException(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        byte[] plain = new byte[200];
        byte[] request = seal(ChunkedClientExchange.start(key.config()).request(), plain, random);
        for (int i = 0; i < 300; i++) {
            byte[] changed = request.clone();
            changed[random.nextInt(changed.length)] ^= (byte) random.nextInt(1, 256);
            Throwable thrown = catchThrowable(() -> open(changed, () -> random.nextInt(1, 99)));
            assertThat(thrown).isInstanceOf(OhttpException.class).hasNoCause();
        }
    }

    private byte[] open(byte[] request, IntSupplier piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        feed(keys.openChunked(ChunkOpener.CHUNK, into(out)).request(), request, piece);
        return out.toByteArray();
    }

    private static void feed(ChunkOpener opener, byte[] message, IntSupplier piece) throws IOException {
        for (int at = 0; at < message.length; ) {
            int length = Math.min(piece.getAsInt(), message.length - at);
            opener.decode(ByteBuffer.wrap(message, at, length));
            at += length;
        }
        opener.end();
    }

    private static byte[] seal(ChunkSealer sealer, byte[] plain, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (plain.length - at > 50_000) {
            int length = random.nextInt(0, 50_000);
            out.writeBytes(Encapsulation.bytes(sealer.chunk(ByteBuffer.wrap(plain, at, length))));
            at += length;
        }
        out.writeBytes(Encapsulation.bytes(sealer.last(ByteBuffer.wrap(plain, at, plain.length - at))));
        return out.toByteArray();
    }

    private static byte[] bytes(SplittableRandom random) {
        int[] sizes = {0, 1, 16383, 16384, 16385, 32768, random.nextInt(200_000)};
        byte[] bytes = new byte[sizes[random.nextInt(sizes.length)]];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ChunkSink into(ByteArrayOutputStream out) {
        return chunk -> out.writeBytes(Encapsulation.bytes(chunk));
    }
}
