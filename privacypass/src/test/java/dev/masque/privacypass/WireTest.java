package dev.masque.privacypass;

import static dev.masque.privacypass.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the messages refuse, one by one. */
class WireTest {
    @ParameterizedTest
    @ValueSource(strings = {"4001ff", "80000001ff", "c000000000000001ff", "80003fff", "ffffffffffffffff", "4040", "c0"})
    void lengthsThatAreNotShortestOrTooLongAreRefused(String vector) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> new Wire.Reader(hex(vector)).vector());
    }

    @Test
    void lengthsAreShortestWhenWritten() throws MalformedException {
        for (int size : new int[] {0, 63, 64, 16383, 16384}) {
            Bytes encoded =
                    new Wire.Writer().vector(Bytes.copyOf(new byte[size])).done();
            assertThat(encoded.size()).isEqualTo(size + (size < 64 ? 1 : size < 16384 ? 2 : 4));
            assertThat(new Wire.Reader(encoded).vector().remaining()).isEqualTo(size);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 255})
    void presenceIsZeroOrOne(int presence) {
        Bytes encoded = new Wire.Writer().uint8(1).uint8(presence).done();

        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> GenericBatchResponse.decode(encoded, 9));
    }

    @Test
    void batchesAreLimited() throws MalformedException {
        Randoms random = new Randoms(1);
        Bytes generic = new GenericBatchRequest(List.of(random.request(), random.request())).encode();
        Bytes amortized = new AmortizedBatchRequest(
                        TokenType.VOPRF_RISTRETTO255, 7, List.of(random.bytes(32), random.bytes(32)))
                .encode();

        assertThat(GenericBatchRequest.decode(generic, 2).requests()).hasSize(2);
        assertThat(AmortizedBatchRequest.decode(amortized, 2).blinded()).hasSize(2);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> GenericBatchRequest.decode(generic, 1));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> AmortizedBatchRequest.decode(amortized, 1));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> GenericBatchResponse.decode(
                        new GenericBatchResponse(List.of(Optional.empty(), Optional.empty())).encode(), 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "000100", "00010700", "000207" + "4000"})
    void batchesOfNothingOrOfTheWrongTypeAreRefused(String request) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> AmortizedBatchRequest.decode(hex(request), 9));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> GenericBatchRequest.decode(hex(request), 9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0002" + "0000" + "00" + "0000", // no issuer
                "0002" + "000161" + "01ff" + "0000", // context of 1 byte
                "0002" + "000161" + "00" + "00032c612c", // empty origins
                "0002" + "000180" + "00" + "0000", // not ASCII
                "0002" + "000161" + "00" + "0001" // cut short
            })
    void challengesOutOfRangeAreRefused(String challenge) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> TokenChallenge.decode(hex(challenge)));
    }

    @Test
    void unknownTypesAreValuesButHaveNoTokens() throws MalformedException {
        TokenChallenge challenge = TokenChallenge.of(new TokenType(0x7777), "issuer.example");

        assertThat(TokenChallenge.decode(challenge.encode())).isEqualTo(challenge);
        assertThat(challenge.type().known()).isFalse();
        assertThat(challenge.type()).hasToString("0x7777");
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> TokenRequest.decode(hex("777700")));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenType(0x10000));
    }

    @Test
    void extensionsSayExpiryAndPlace() throws MalformedException {
        Instant time = Instant.ofEpochSecond(1_688_583_001);
        Extension expiry = Extension.expiration(time, Duration.ofHours(1));
        Extension place = Extension.geolocation("JP,JP-13,TOKYO");
        Extensions both = Extensions.of(expiry, place);

        assertThat(expiry.data()).isEqualTo(hex("0000000000000e10" + "0000000064a5bdb0"));
        assertThat(both.expiry()).contains(Instant.ofEpochSecond(1_688_583_600));
        assertThat(place.place()).contains("JP,JP-13,TOKYO");
        assertThat(expiry.place()).isEmpty();
        assertThat(Extensions.decode(both.encode())).isEqualTo(both);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Extensions.of(expiry, expiry).expiry());
        assertThatIllegalArgumentException().isThrownBy(() -> Extensions.of(place, expiry));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Extensions.decode(hex("0008" + "00020000" + "00010000")));
    }
}
