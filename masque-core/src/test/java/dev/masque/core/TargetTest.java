package dev.masque.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "example.com:443, example.com, 443",
        "EXAMPLE.com:1, example.com, 1",
        "192.0.2.1:65535, 192.0.2.1, 65535",
        "[2001:db8::1]:80, 2001:db8::1, 80",
        "[::ffff:192.0.2.1]:80, ::ffff:192.0.2.1, 80",
        "_dns.example.:53, _dns.example., 53",
        "xn--bcher-kva.example:443, xn--bcher-kva.example, 443",
        "1.2.3.example:443, 1.2.3.example, 443",
    })
    void readsAuthorityForm(String authority, String host, int port) throws Exception {
        assertThat(Target.parse(authority)).isEqualTo(new Target(host, port));
        assertThat(Target.parse(new Target(host, port).authority())).isEqualTo(new Target(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":443",
                "example.com",
                "example.com:",
                "example.com:0",
                "example.com:65536",
                "example.com:00000443",
                "example.com:4 43",
                "example.com:-1",
                "user@example.com:443",
                "user:password@example.com:443",
                "2001:db8::1:443",
                "[2001:db8::1]",
                "[2001:db8::1",
                "[example.com]:443",
                "[192.0.2.1]:443",
                "[fe80::1%eth0]:443",
                "[::1::2]:443",
                "[1:2:3:4:5:6:7:8:9]:443",
                "[12345::]:443",
                "exam ple.com:443",
                "example.com\r\nhost: x:443",
                "exam\u0000ple.com:443",
                "ex\u00e4mple.com:443",
                "https://example.com:443",
                "example..com:443",
                ".example.com:443",
                "2130706433:443",
                "0x7f.1:443",
                "0x7f000001:443",
                "0177.0.0.1:443",
                "127.1:443",
                "1.2.3.4.5:443",
                "256.1.1.1:443",
                "example.com/:443"
            })
    void refusesEverythingElse(String authority) {
        assertThatThrownBy(() -> Target.parse(authority)).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesLabelsAndNamesThatAreTooLong() {
        assertThatThrownBy(() -> Target.parse("a".repeat(64) + ".example:443")).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Target.parse("a.".repeat(127) + "example:443")).isInstanceOf(MalformedException.class);
    }

    @Test
    void turnsInternationalNamesIntoALabels() {
        assertThat(Target.of("B\u00fccher.example", 443).host()).isEqualTo("xn--bcher-kva.example");
    }

    @Test
    void takesIpv6WithAndWithoutBrackets() {
        assertThat(Target.of("[::1]", 443)).isEqualTo(Target.of("::1", 443));
        assertThat(Target.of("::1", 443).authority()).isEqualTo("[::1]:443");
    }

    @Test
    void knowsAddressesFromNames() {
        assertThat(Target.of("192.0.2.1", 1).address()).isPresent();
        assertThat(Target.of("2001:db8::1", 1).address()).isPresent();
        assertThat(Target.of("example.com", 1).address()).isEmpty();
    }
}
