package dev.masque.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.fields.CapsuleProtocol;
import dev.masque.core.spi.HeaderFields;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValuesTest {
    @ParameterizedTest
    @CsvSource({"?1, true", "?1;a=b, true", "?0, false", "1, false", "\"?1\", false", "?2, false", "'?1, ?1', false"})
    void capsuleProtocolIsABooleanOrNothing(String value, boolean on) {
        assertThat(CapsuleProtocol.isOn(HeaderFields.of("Capsule-Protocol", value)))
                .isEqualTo(on);
    }

    @Test
    void capsuleProtocolIsOffWhereItIsNotSaid() {
        assertThat(CapsuleProtocol.isOn(HeaderFields.empty())).isFalse();
    }

    @Test
    void proxyAuthorizationHasASchemeInAnyCase() {
        ProxyAuthorization parsed =
                ProxyAuthorization.parse("PreShared   a-key== ").orElseThrow();

        assertThat(parsed.scheme()).isEqualTo(ProxyAuthorization.PRESHARED);
        assertThat(parsed.credentials()).isEqualTo("a-key==");
        assertThat(parsed.toString()).doesNotContain("a-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "=", "Pre/shared key", ",a b"})
    void proxyAuthorizationWithoutASchemeIsNone(String value) {
        assertThat(ProxyAuthorization.parse(value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nb", "\u00e9"})
    void aPresharedKeyIsVisibleAscii(String key) {
        assertThatThrownBy(() -> ProxyAuthorization.preshared(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void serverTimingReadsWhatItWrites() {
        String value = ServerTiming.format("proxy", Duration.ofNanos(12_540_000));

        assertThat(value).isEqualTo("proxy;dur=12.5");
        assertThat(ServerTiming.parse(value)).containsExactly(new ServerTiming("proxy", OptionalDouble.of(12.5)));
    }

    @Test
    void serverTimingReadsSeveralMetricsAndSkipsNonsense() {
        assertThat(ServerTiming.parse("dns;desc=\"x\";dur=1, , miss, <>, tcp; dur = \"2.25\""))
                .containsExactly(
                        new ServerTiming("dns", OptionalDouble.of(1)),
                        new ServerTiming("miss", OptionalDouble.empty()),
                        new ServerTiming("tcp", OptionalDouble.of(2.25)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\u0000b", "\u007f", "\u0100", " a", "a "})
    void noFieldValueCanBreakALine(String value) {
        assertThatThrownBy(() -> HeaderFields.of("name", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", ":path", "a\r\n", "\u00e9"})
    void noFieldNameCanBeMoreThanAToken(String name) {
        assertThatThrownBy(() -> HeaderFields.of(name, "value")).isInstanceOf(IllegalArgumentException.class);
    }
}
