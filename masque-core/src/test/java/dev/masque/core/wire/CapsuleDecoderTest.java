package dev.masque.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.masque.core.MalformedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CapsuleDecoderTest {
    private static final int MAX = 1500;

    static LongStream seeds() {
        return Vectors.seeds();
    }

    /** Datagrams and unknown capsules in turn, datagrams over the limit among them. */
    private static ByteBuffer capsules(SplittableRandom random, List<String> expected) {
        ByteBuffer out = ByteBuffer.allocate(200_000);
        for (int i = 0; i < 40; i++) {
            byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(4000) : random.nextInt(200)];
            random.nextBytes(value);
            boolean datagram = random.nextBoolean();
            VarInt.write(out, datagram ? 0 : 0x29L * random.nextLong(1 << 20) + 0x17);
            VarInt.write(out, value.length);
            out.put(value);
            if (datagram && value.length <= MAX) {
                expected.add(Vectors.hex(ByteBuffer.wrap(value)));
            }
        }
        return out.flip();
    }

    private static List<String> decode(ByteBuffer stream, IntSupplier pieces) throws MalformedException {
        List<String> seen = new ArrayList<>();
        CapsuleDecoder decoder = new CapsuleDecoder(MAX, payload -> seen.add(Vectors.hex(payload)));
        while (stream.hasRemaining()) {
            int length = Math.min(pieces.getAsInt(), stream.remaining());
            ByteBuffer piece = stream.slice(stream.position(), length);
            decoder.decode(piece);
            assertThat(piece.hasRemaining()).isFalse();
            stream.position(stream.position() + length);
        }
        decoder.end();
        return seen;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void splittingTheStreamAnywhereChangesNothing(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> expected = new ArrayList<>();
        ByteBuffer stream = capsules(random, expected);

        assertThat(decode(stream.duplicate(), stream::remaining)).isEqualTo(expected);
        assertThat(decode(stream.duplicate(), () -> 1)).isEqualTo(expected);
        assertThat(decode(stream.duplicate(), () -> random.nextInt(1, 300))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCutCapsuleIsMalformedAtTheEndOnly(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] value = new byte[random.nextInt(1, 300)];
        ByteBuffer whole = ByteBuffer.allocate(400);
        Capsules.writeDatagram(whole, ByteBuffer.wrap(value));
        whole.flip();
        int cut = random.nextInt(1, whole.limit());
        CapsuleDecoder decoder = new CapsuleDecoder(MAX, payload -> {
            throw new AssertionError("no datagram is complete");
        });

        decoder.decode(whole.slice(0, cut));

        assertThatThrownBy(decoder::end).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBytesAreNeverAnErrorBeforeTheEnd(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] noise = new byte[5000];
        random.nextBytes(noise);
        CapsuleDecoder decoder = new CapsuleDecoder(
                MAX, payload -> assertThat(payload.remaining()).isLessThanOrEqualTo(MAX));

        decoder.decode(ByteBuffer.wrap(noise));
    }

    @Test
    void skipsAnUnknownCapsuleOfAnyLengthWithoutBufferingIt() throws Exception {
        List<String> seen = new ArrayList<>();
        CapsuleDecoder decoder = new CapsuleDecoder(MAX, payload -> seen.add(Vectors.hex(payload)));
        ByteBuffer header = ByteBuffer.allocate(16);
        long length = 3L << 30;
        VarInt.write(header, 0x29 * 7 + 0x17);
        VarInt.write(header, length);
        decoder.decode(header.flip());
        ByteBuffer chunk = ByteBuffer.allocate(1 << 20);

        for (long sent = 0; sent < length; sent += chunk.capacity()) {
            decoder.decode(chunk.clear());
        }
        decoder.decode(Vectors.hex("00020041"));

        assertThat(seen).containsExactly("0041");
        decoder.end();
    }

    @Test
    void neverAllocatesWhatADatagramOnlyDeclares() throws Exception {
        CapsuleDecoder decoder = new CapsuleDecoder(Integer.MAX_VALUE, payload -> {});
        ByteBuffer header = ByteBuffer.allocate(16);
        VarInt.write(header, 0);
        VarInt.write(header, 1 << 30);
        header.put((byte) 1);

        for (int i = 0; i < 1000; i++) {
            new CapsuleDecoder(Integer.MAX_VALUE, payload -> {})
                    .decode(header.duplicate().flip()); // 1 TiB if it did
        }
        decoder.decode(header.flip());
        assertThatThrownBy(decoder::end).isInstanceOf(MalformedException.class);
    }

    @Test
    void survivesAMillionEmptyUnknownCapsules() throws Exception {
        ByteBuffer stream = ByteBuffer.allocate(2_000_000);
        while (stream.hasRemaining()) {
            stream.put((byte) 0x17).put((byte) 0);
        }

        assertThat(decode(stream.flip(), stream::remaining)).isEmpty();
    }

    @Test
    void tellsTheContextOfADatagramOverTheLimitOnceWhereverItIsCut() throws Exception {
        for (String context : List.of("00", "3f", "4000", "80000000", "c000000000000005")) {
            ByteBuffer in = ByteBuffer.allocate(200);
            VarInt.write(in, 0);
            VarInt.write(in, 100);
            in.put(Vectors.hex(context)).position(in.position() + 100 - context.length() / 2);
            in.put(Vectors.hex("00020041")).flip();
            for (int size : new int[] {1, 2, 200}) {
                List<String> seen = new ArrayList<>();
                CapsuleDecoder decoder = new CapsuleDecoder(10, new CapsuleDecoder.Sink() {
                    @Override
                    public void datagram(ByteBuffer payload) {
                        seen.add(Vectors.hex(payload));
                    }

                    @Override
                    public void oversized(long contextId) {
                        seen.add("over " + contextId);
                    }
                });
                ByteBuffer rest = in.duplicate();
                while (rest.hasRemaining()) {
                    int piece = Math.min(size, rest.remaining());
                    decoder.decode(rest.slice(rest.position(), piece));
                    rest.position(rest.position() + piece);
                }
                decoder.end();
                long id = VarInt.read(Vectors.hex(context));
                assertThat(seen).containsExactly("over " + id, "0041");
            }
        }
    }

    @Test
    void aPayloadOverTheLimitIsAnErrorInTheContextOfUdpAlone() throws Exception {
        for (int context : new int[] {0, 2}) {
            ByteBuffer in = ByteBuffer.allocate(100);
            VarInt.write(in, 0);
            VarInt.write(in, 50);
            VarInt.write(in, context);
            in.flip();
            CapsuleDecoder decoder = new CapsuleDecoder(10, UdpContext.strict(payload -> {}));
            if (context == 0) {
                assertThatThrownBy(() -> decoder.decode(in)).isInstanceOf(MalformedException.class);
            } else {
                decoder.decode(in);
            }
        }
    }

    @Test
    void readsThePublishedLayouts() throws Exception {
        for (JsonNode row : Vectors.read("h3-capsules-datagrams/capsules.derived.json")) {
            ByteBuffer in = Vectors.hex(row.get("hex").asText());
            if (row.get("name").asText().startsWith("datagram-") && !row.has("expected")) {
                assertThat(decode(in, in::remaining))
                        .as(row.get("name").asText())
                        .containsExactly(row.get("value_hex").asText());
            }
        }
    }

    @Test
    void writesWhatItReads() throws Exception {
        ByteBuffer out = ByteBuffer.allocate(Capsules.datagramLength(3));
        Capsules.writeDatagram(out, Vectors.hex("00ff41"));

        assertThat(out.hasRemaining()).isFalse();
        assertThat(decode(out.flip(), () -> 1)).containsExactly("00ff41");
    }
}
