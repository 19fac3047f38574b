package dev.masque.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.core.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    private static IpPrefix asATarget(String literal) {
        InetAddress address = Target.of(literal, 1).address().orElseThrow();
        return IpPrefix.of(address, address.getAddress().length * 8);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.77/24, 192.0.2.0/24",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255, 255.255.255.255/32",
        "::/0, 0:0:0:0:0:0:0:0/0",
        "::1, 0:0:0:0:0:0:0:1/128",
        "1::, 1:0:0:0:0:0:0:0/128",
        "2001:DB8:1:2:3:4:5:6/48, 2001:db8:1:0:0:0:0:0/48",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0/128",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8/128",
        "64:ff9b::192.0.2.1/96, 64:ff9b:0:0:0:0:0:0/96",
        "[2001:db8::]/32, 2001:db8:0:0:0:0:0:0/32",
    })
    void prefixesAreRead(String text, String prefix) {
        assertThat(IpPrefix.parse(text)).hasToString(prefix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "256.1.1.1",
                "1.2.3.",
                "1.2.3.4/",
                "1.2.3.4/33",
                "1.2.3.4/0x1",
                "1.2.3.4/-1",
                "1.2.3.4/0001",
                ":",
                ":::",
                "1:",
                "1:2",
                "1::2:",
                ":1",
                "1:::2",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "g::",
                "::/129",
                "::1%eth0",
                "example",
                "::ffff:1.2.3.4",
                "::ffff:102:304",
                "٣::"
            })
    void whatIsNoPrefixIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse(text));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyFormOfAnAddressIsReadAsElsewhere(long seed) throws UnknownHostException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int groups = random.nextInt(1, 10);
            for (int group = 0; group < groups; group++) {
                if (group > 0 || random.nextInt(8) == 0) {
                    text.append(random.nextInt(6) == 0 ? "::" : ":");
                }
                text.append(Integer.toHexString(random.nextInt(1 << random.nextInt(1, 18))));
            }
            if (random.nextInt(8) == 0) {
                text.append(random.nextBoolean() ? ":" : "::");
            }
            assertThat(read(text.toString())).as(text.toString()).isEqualTo(readAsATarget(text.toString()));
        }
    }

    private static String read(String text) {
        try {
            return IpPrefix.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }

    private static String readAsATarget(String text) {
        try {
            return asATarget(text).toString();
        } catch (IllegalArgumentException | java.util.NoSuchElementException e) {
            return "refused";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/28, 0, 5, 192.0.2.5",
        "192.0.2.0/28, 7, -1, 192.0.2.15",
        "192.0.2.77/32, -1, -1, 192.0.2.77",
        "0.0.0.0/0, 0, 258, 0.0.1.2",
        "2001:db8:1:2::/64, -1, 258, 2001:db8:1:2:0:0:0:102",
        "2001:db8::/32, 4294967295, -1, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::7/128, -1, -1, 2001:db8:0:0:0:0:0:7",
        "2001:db8::/126, -1, -1, 2001:db8:0:0:0:0:0:3",
    })
    void anAddressOfAPrefixLiesInIt(String prefix, long upper, long lower, String address) {
        InetAddress made = IpPrefix.parse(prefix).address(upper, lower);
        assertThat(made.getHostAddress()).isEqualTo(address);
        assertThat(IpPrefix.parse(prefix).contains(made)).isTrue();
    }
}
