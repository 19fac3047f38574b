package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialingTest {
    private static final InetAddress SOURCE = address("192.0.2.10");

    private static InetAddress address(String literal) {
        return Target.of(literal, 1).address().orElseThrow();
    }

    private static List<String> dialled(ServerHarness proxy) {
        return proxy.targets.attempts.stream()
                .map(attempt -> attempt.dial().target().getAddress().getHostAddress())
                .toList();
    }

    @Test
    void ipv6IsTriedFirstAndIpv4AQuarterOfASecondLater() {
        try (ServerHarness proxy = ServerHarness.openLate()) {
            ClientStream client = proxy.connect("dual.example:443");
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            assertThat(dialled(proxy)).containsExactly("2606:4700:0:0:0:0:0:1");
            proxy.timer.advance(Duration.ofMillis(250));
            assertThat(dialled(proxy)).containsExactly("2606:4700:0:0:0:0:0:1", "1.1.1.1");
            Targets.Tcp ipv4 = proxy.targets.attempt(1).succeed();
            assertThat(client.status()).isEqualTo(200);
            Targets.Tcp late = proxy.targets.attempt(0).succeed();
            assertThat(late.failure()).isNotNull();
            client.send("x");
            assertThat(ipv4.text()).isEqualTo("x");
        }
    }

    @Test
    void theWinnerStopsTheOtherAttempts() {
        try (ServerHarness proxy = ServerHarness.open()) {
            proxy.connect("dual.example:443");
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            proxy.timer.advance(Duration.ofMillis(250));
            assertThat(proxy.targets.attempt(0).dial().isOpen()).isTrue();
            proxy.targets.attempt(1).succeed();
            assertThat(proxy.targets.attempt(0).dial().isOpen()).isFalse();
        }
    }

    @Test
    void allAttemptsShareTheTime() {
        try (ServerHarness proxy = ServerHarness.open()) {
            proxy.connect("dual.example:443");
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            proxy.timer.advance(Duration.ofMillis(250));
            assertThat(proxy.targets.attempt(0).dial().options().timeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(proxy.targets.attempt(1).dial().options().timeout()).isEqualTo(Duration.ofMillis(9_750));
        }
    }

    @Test
    void udpTakesTheNextAddressOnlyIfTheFirstHasNoRoute() {
        try (ServerHarness proxy = ServerHarness.open()) {
            ClientStream client = proxy.connectUdp("dual.example", 443);
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            proxy.timer.advance(Duration.ofSeconds(1));
            assertThat(proxy.targets.udpAttempts).hasSize(1);
            proxy.targets.udpAttempts.get(0).fail(ProxyErrorType.DESTINATION_IP_UNROUTABLE);
            proxy.targets.udpAttempts.get(1).succeed();
            assertThat(client.status()).isEqualTo(200);
        }
    }

    @Test
    void theSourceAddressIsChosenForEachDestination() {
        List<SourceQuery> asked = new ArrayList<>();
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.sourceAddress(query -> {
            asked.add(query);
            return SOURCE;
        }))) {
            proxy.connect("93.184.216.34:443", "sec-ch-geohash", "u4pru-GB");
            assertThat(proxy.targets.attempt(0).dial().options().source()).isEqualTo(SOURCE);
            assertThat(asked.get(0).fields().first("sec-ch-geohash")).isEqualTo("u4pru-GB");
            assertThat(asked.get(0).connection()).isPositive();
        }
    }

    @Test
    void aDestinationWithoutSourceAddressIsSkipped() {
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.sourceAddress(query -> {
            if (query.destination() instanceof Inet6Address) {
                throw new NextHopException(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, "no IPv6 here", null);
            }
            return SOURCE;
        }))) {
            proxy.connect("dual.example:443");
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            assertThat(dialled(proxy)).containsExactly("1.1.1.1");
        }
    }

    @Test
    void aSourceAddressOfTheOtherFamilyIsNotUsed() {
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.sourceAddress(query -> SOURCE))) {
            ClientStream client = proxy.connect("[2606:4700::1]:443");
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.error()).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        }
    }

    @Test
    void aSelectorThatBreaksIsAnInternalError() {
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.sourceAddress(query -> {
            throw new IllegalStateException("broken");
        }))) {
            ClientStream client = proxy.connect("93.184.216.34:443");
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.error()).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
        }
    }
}
