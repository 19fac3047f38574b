package dev.masque.ohttp.bhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.masque.ohttp.bhttp.BinaryHttpException.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every codec: round trip, any split, any prefix, any noise. */
class BinaryHttpLawsTest {
    static LongStream seeds() {
        return Messages.seeds();
    }

    private static Framing framing(SplittableRandom random) {
        return List.of(Framing.values()).get(random.nextInt(3));
    }

    private static List<Object> feed(BinaryDecoder decoder, Heard<?> heard, ByteBuffer stream, IntSupplier pieces)
            throws BinaryHttpException {
        ByteBuffer rest = stream.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(pieces.getAsInt(), rest.remaining());
            ByteBuffer piece = rest.slice(rest.position(), length);
            decoder.decode(piece);
            assertThat(piece.hasRemaining()).isFalse();
            rest.position(rest.position() + length);
        }
        decoder.end();
        return heard.parts;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readsARequestAsItWasWritten(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        BinaryRequest request = Messages.request(random);

        ByteBuffer bytes = request.encode(framing(random), random.nextInt(1, 3000));

        assertThat(BinaryRequest.decode(bytes, BinaryHttpLimits.DEFAULT)).isEqualTo(request);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readsAResponseAsItWasWritten(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        BinaryResponse response = Messages.response(random);

        ByteBuffer bytes = response.encode(framing(random), random.nextInt(1, 3000));

        assertThat(BinaryResponse.decode(bytes, BinaryHttpLimits.DEFAULT)).isEqualTo(response);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cuttingAMessageAnywhereChangesNothing(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        BinaryResponse response = Messages.response(random);
        BinaryEncoder encoder = BinaryEncoder.indeterminateLength();
        ByteBuffer stream = ByteBuffer.allocate(200_000);
        response.informational().forEach(head -> stream.put(encoder.informational(head)));
        stream.put(encoder.head(response.head()));
        for (ByteBuffer content = response.content(); content.hasRemaining(); ) {
            int length = random.nextInt(Math.min(content.remaining(), 900) + 1);
            stream.put(encoder.content(content.slice(content.position(), length)));
            content.position(content.position() + length);
        }
        stream.put(encoder.end(response.trailers()))
                .put(new byte[random.nextInt(10)])
                .flip();

        for (IntSupplier pieces : List.<IntSupplier>of(
                stream::remaining, () -> 1, () -> random.nextInt(1, 9), () -> random.nextInt(1, 999))) {
            Heard<ResponseHead> heard = new Heard<>();
            BinaryDecoder decoder = BinaryDecoder.ofResponse(heard, BinaryHttpLimits.DEFAULT);
            List<Object> parts = feed(decoder, heard, stream, pieces);
            assertThat(parts.subList(0, response.informational().size())).isEqualTo(response.informational());
            assertThat(parts.subList(response.informational().size(), parts.size()))
                    .containsExactly(response.head(), response.content(), response.trailers());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPrefixIsNeverAnErrorBeforeTheEndAndNeverAnotherMessage(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        BinaryRequest request = Messages.request(random);
        ByteBuffer whole = request.encode(framing(random));

        for (int i = 0; i < 300; i++) {
            int cut = random.nextInt(Math.max(0, whole.limit() - 400), whole.limit());
            Heard<RequestHead> heard = new Heard<>();
            BinaryDecoder decoder = BinaryDecoder.ofRequest(heard, BinaryHttpLimits.DEFAULT);
            decoder.decode(whole.slice(0, cut));
            try {
                decoder.end();
                assertThat(request.trailers().isEmpty() || heard.parts.get(2).equals(Fields.empty()))
                        .isTrue();
                assertThat(heard.parts.get(0)).isEqualTo(request.head());
                // known length: what is cut off whole was said to be empty, or is a part that had not begun
                assertThat(heard.parts.get(1)).isIn(request.content(), ByteBuffer.allocate(0));
            } catch (BinaryHttpException e) {
                assertThat(e.kind()).isEqualTo(Kind.TRUNCATED);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noiseGivesTheDeclaredExceptionOnly(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            ByteBuffer bytes = i % 2 == 0
                    ? ByteBuffer.allocate(random.nextInt(1, 300))
                    : Messages.request(random).encode(framing(random));
            for (int flips = i % 2 == 0 ? bytes.limit() : random.nextInt(1, 4); flips > 0; flips--) {
                bytes.put(i % 2 == 0 ? flips - 1 : random.nextInt(bytes.limit()), (byte) random.nextInt(256));
            }
            bytes.put(0, (byte) (2 * (i % 4 / 2)));
            assertThatCode(() -> {
                        try {
                            BinaryRequest.decode(bytes, BinaryHttpLimits.DEFAULT);
                        } catch (BinaryHttpException e) {
                            assertThat(e.kind()).isNotNull();
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }
}
