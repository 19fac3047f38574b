package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.ProxyErrorType;
import dev.masque.geohash.GeoKeySet;
import dev.masque.geohash.GeoSigningKey;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.location.AttestationKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    private static final String TOKYO = "192.0.2.1";
    private static final String OSAKA = "192.0.2.2";
    private static final String FRANCE = "192.0.2.3";
    private static final String OTHERS = "192.0.2.9";

    @TempDir
    private Path folder;

    private Path file = Path.of("egress.csv");

    @BeforeEach
    void pools() throws IOException {
        file = folder.resolve(file);
        Files.writeString(file, """
                192.0.2.1/32,JP,JP-13,Tokyo,,xn76c
                192.0.2.2/32,JP,JP-27,Osaka,,xn0m7
                192.0.2.3/32,FR
                2001:db8::1/128,JP,JP-13,Tokyo,,xn76c
                192.0.2.9/32
                """);
    }

    private ServerHarness proxy() throws IOException {
        EgressSelector egress = EgressSelector.fromGeofeed(file);
        return ServerHarness.open(builder -> builder.egress(egress).handlerExecutor(Runnable::run));
    }

    private static String source(ServerHarness proxy, int attempt) {
        return String.valueOf(proxy.targets.attempt(attempt).dial().options().source())
                .replace("/", "");
    }

    @Test
    void aTunnelLeavesFromThePoolThatIsNearest() throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn0ks-JP");
            assertThat(source(proxy, 0)).isEqualTo(OSAKA);
            proxy.targets.attempt(0).succeed();
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.field("proxy-status")).isEqualTo("masque-proxy");
        }
    }

    @Test
    void aUdpTunnelDoesTheSame() throws IOException {
        try (ServerHarness proxy = proxy()) {
            proxy.connectUdp("93.184.216.34", 53, "sec-ch-geohash", "\"xn77h-JP\"");
            assertThat(proxy.targets.udpAttempts.get(0).dial().options().source())
                    .hasToString("/" + TOKYO);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xn0ks", "nonsense", "xn0a-JP", "xn0ks-XX", "", "xn0ks-JP-", "\"xn0ks-JP"})
    void anUnusableHintIsIgnoredAndSaidSo(String hint) throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", hint);
            assertThat(source(proxy, 0)).isEqualTo(OTHERS);
            proxy.targets.attempt(0).succeed();
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.field("proxy-status"))
                    .isEqualTo("masque-proxy;details=\"geohash hint is malformed and was ignored\"");
        }
    }

    @Test
    void twoHintsAreNone() throws IOException {
        try (ServerHarness proxy = proxy()) {
            proxy.connect("93.184.216.34:443", "sec-ch-geohash", "JP", "sec-ch-geohash", "FR");
            assertThat(source(proxy, 0)).isEqualTo(OTHERS);
        }
    }

    @Test
    void ipv6IsTriedBeforeIpv4() throws IOException {
        try (ServerHarness proxy = proxy()) {
            proxy.connect("dual.example:443", "sec-ch-geohash", "xn0ks-JP");
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            assertThat(source(proxy, 0)).isEqualTo("2001:db8:0:0:0:0:0:1");
            proxy.timer.advance(Duration.ofMillis(250));
            assertThat(source(proxy, 1)).isEqualTo(OSAKA);
        }
    }

    @Test
    void withoutIpv6InTheCountryIpv4IsUsedAtOnce() throws IOException {
        try (ServerHarness proxy = proxy()) {
            proxy.connect("dual.example:443", "sec-ch-geohash", "FR");
            proxy.resolves("dual.example", "1.1.1.1", "2606:4700::1");
            assertThat(source(proxy, 0)).isEqualTo(FRANCE);
        }
    }

    @Test
    void aTargetThatOnlyAnotherCountryCouldReachIsRefused() throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("[2606:4700::1]:443", "sec-ch-geohash", "FR");
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.error()).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        }
    }

    @Test
    void aPoolThatCannotBeBoundIsTakenOutAndTheNextIsUsed() throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn77h-JP");
            assertThat(source(proxy, 0)).isEqualTo(TOKYO);
            proxy.targets.attempt(0).fail(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
            assertThat(source(proxy, 1)).isEqualTo(OSAKA);
            proxy.targets.attempt(1).succeed();
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.field("proxy-status"))
                    .isEqualTo("masque-proxy;details=\"source_addr_not_available: another egress pool was used\"");
            assertThat(proxy.events.of(EgressPoolUnavailable.class))
                    .containsExactly(new EgressPoolUnavailable(
                            TOKYO + "/32", ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, Duration.ofSeconds(30)));
            proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn77h-JP");
            assertThat(source(proxy, 2)).isEqualTo(OSAKA);
        }
    }

    @Test
    void aTargetThatRefusesTakesNoPoolOut() throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn77h-JP");
            proxy.targets.attempt(0).fail(ProxyErrorType.CONNECTION_REFUSED);
            assertThat(client.error()).isEqualTo(ProxyErrorType.CONNECTION_REFUSED);
            assertThat(proxy.events.of(EgressPoolUnavailable.class)).isEmpty();
        }
    }

    @Test
    void whenNoPoolOfTheCountryIsLeftTheClientIsRefused() throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", "FR");
            proxy.targets.attempt(0).fail(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.error()).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
            assertThat(proxy.targets.attempts).hasSize(1);
        }
    }

    @Test
    void aClientThatLeavesStopsTheAttemptFromTheNextPoolToo() throws IOException {
        try (ServerHarness proxy = proxy()) {
            ClientStream client = proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn77h-JP");
            proxy.targets.attempt(0).fail(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
            client.reset(dev.masque.core.spi.ResetReason.CANCEL);
            assertThat(proxy.targets.attempt(1).dial().isOpen()).isFalse();
            assertThat(proxy.server.tunnels()).isZero();
        }
    }

    @Test
    void aConnectionKeepsItsAddress() throws IOException {
        Files.writeString(file, "192.0.2.0/24,JP");
        try (ServerHarness proxy = proxy()) {
            for (int i = 0; i < 3; i++) {
                proxy.connect("93.184.216.34:443", "sec-ch-geohash", "JP");
            }
            assertThat(source(proxy, 1)).isEqualTo(source(proxy, 0));
            assertThat(source(proxy, 2)).isEqualTo(source(proxy, 0));
        }
    }

    @Test
    void theServerReadsTheFileAgainByItself() throws IOException {
        try (ServerHarness proxy = proxy()) {
            Files.writeString(file, "192.0.2.77/32,JP");
            proxy.timer.advance(Duration.ofSeconds(5));
            assertThat(proxy.events.of(ConfigurationReloaded.class))
                    .containsExactly(new ConfigurationReloaded("egress pools", Optional.empty()));
            proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn77h-JP");
            assertThat(source(proxy, 0)).isEqualTo("192.0.2.77");
        }
    }

    @Test
    void aBadFileIsReportedAndTheOldPoolsStay() throws IOException {
        try (ServerHarness proxy = proxy()) {
            Files.writeString(file, "192.0.2.77/32,JP\n192.0.2.78/32,Japan");
            proxy.timer.advance(Duration.ofSeconds(20));
            assertThat(proxy.events.of(ConfigurationReloaded.class))
                    .containsExactly(new ConfigurationReloaded(
                            "egress pools", Optional.of("line 2: not an ISO 3166-1 alpha-2 country")));
            proxy.connect("93.184.216.34:443", "sec-ch-geohash", "xn77h-JP");
            assertThat(source(proxy, 0)).isEqualTo(TOKYO);
        }
    }

    @Test
    void whateverElseFollowsItsFilesIsAskedAndToldOf() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.reload("one", () -> true)
                .reload("another", () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IOException("line 3");
                    }
                    return false;
                })
                .reload("a third", () -> {
                    throw new IllegalStateException("with a secret");
                })
                .handlerExecutor(Runnable::run))) {
            proxy.timer.advance(Duration.ofSeconds(5));

            assertThat(proxy.events.of(ConfigurationReloaded.class))
                    .contains(
                            new ConfigurationReloaded("one", Optional.empty()),
                            new ConfigurationReloaded("another", Optional.of("line 3")),
                            new ConfigurationReloaded("a third", Optional.of("IllegalStateException")));
            assertThat(asked).hasPositiveValue();
        }
    }

    @Test
    void keysOfAFileFollowIt() throws IOException {
        GeoSigningKey first = GeoSigningKey.generate();
        GeoSigningKey second = GeoSigningKey.generate();
        Path keys = Files.writeString(file.resolveSibling("keys.pem"), published(first));
        AttestationKeys source = AttestationKeys.watched(keys);
        Files.writeString(keys, published(first, second));
        source.refresh();
        assertThat(source.current().orElseThrow().keyIds()).containsExactly(first.id(), second.id());

        Files.writeString(keys, "nonsense");

        assertThatThrownBy(source::refresh).isInstanceOf(IOException.class);
        assertThat(source.current().orElseThrow().keyIds()).hasSize(2);
    }

    private static String published(GeoSigningKey... keys) {
        return GeoKeySet.of(Stream.of(keys).map(GeoSigningKey::publicKey).toList())
                .format();
    }
}
