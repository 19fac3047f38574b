package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The laws of the codecs. Messages come whole, as HTTP content does: so the second law says that a prefix, or bytes after
 * the end, are refused.
 */
class WireLawsTest {
    /** Reads bytes and writes back what it read. */
    interface Codec {
        Bytes reread(Bytes encoded) throws MalformedException;
    }

    record Sample(Bytes encoded, Codec codec) {}

    static Stream<Long> seeds() {
        return LongStream.range(0, 40).boxed();
    }

    private static List<Sample> samples(Randoms random) {
        TokenType type = random.type();
        TokenType batch = random.batchType();
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(
                random.challenge().encode(), in -> TokenChallenge.decode(in).encode()));
        samples.add(new Sample(
                random.extensions().encode(), in -> Extensions.decode(in).encode()));
        samples.add(new Sample(random.token().encode(), in -> Token.decode(in).encode()));
        samples.add(new Sample(
                random.request().encode(), in -> TokenRequest.decode(in).encode()));
        samples.add(new Sample(
                random.response(type).encode(),
                in -> TokenResponse.decode(type, in).encode()));
        samples.add(new Sample(
                random.amortizedRequest(batch, 5).encode(),
                in -> AmortizedBatchRequest.decode(in, 5).encode()));
        AmortizedBatchResponse response = random.amortizedResponse(batch, 5);
        samples.add(new Sample(
                response.encode(),
                in -> AmortizedBatchResponse.decode(
                                batch, in, response.evaluated().size())
                        .encode()));
        samples.add(new Sample(
                random.genericRequest(5).encode(),
                in -> GenericBatchRequest.decode(in, 5).encode()));
        samples.add(new Sample(
                random.genericResponse(5).encode(),
                in -> GenericBatchResponse.decode(in, 5).encode()));
        return samples;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsWrittenReadsBack(long seed) throws MalformedException {
        for (Sample sample : samples(new Randoms(seed))) {
            assertThat(sample.codec.reread(sample.encoded)).isEqualTo(sample.encoded);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void prefixIsRefused(long seed) {
        Randoms random = new Randoms(seed);
        for (Sample sample : samples(random)) {
            byte[] whole = sample.encoded.toArray();
            for (int i = 0; i < 20; i++) {
                byte[] prefix = Arrays.copyOf(whole, random.random().nextInt(whole.length));
                assertThatExceptionOfType(MalformedException.class)
                        .isThrownBy(() -> sample.codec.reread(Bytes.copyOf(prefix)));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bytesAfterTheEndAreRefused(long seed) {
        Randoms random = new Randoms(seed);
        for (Sample sample : samples(random)) {
            int size = sample.encoded.size();
            byte[] longer = Arrays.copyOf(
                    sample.encoded.toArray(), size + random.random().nextInt(1, 9));
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> sample.codec.reread(Bytes.copyOf(longer)));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void changedBytesReadBackTheSameOrAreRefused(long seed) {
        Randoms random = new Randoms(seed);
        for (Sample sample : samples(random)) {
            for (int i = 0; i < 50; i++) {
                byte[] changed = sample.encoded.toArray();
                for (int j = random.random().nextInt(1, 4); j > 0; j--) {
                    changed[random.random().nextInt(Math.min(changed.length, 64))] =
                            (byte) random.random().nextInt();
                }
                try {
                    assertThat(sample.codec.reread(Bytes.copyOf(changed))).isEqualTo(Bytes.copyOf(changed));
                } catch (MalformedException e) {
                    assertThat(e.getMessage()).isNotEmpty();
                }
            }
        }
    }
}
