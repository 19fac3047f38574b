package dev.masque.server.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.geohash.Choice;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.MalformedGeoException;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressSelectorTest {
    private static final String FEED = """
            192.0.2.0/28,JP,JP-13,Tokyo,,xn76c
            192.0.2.16/28,JP,JP-27,Osaka,,xn0m7
            192.0.2.32/28,JP
            192.0.2.48/28,GB,GB-ENG,London,,gcpvj
            2001:db8:1::/64,JP,JP-13,Tokyo,,xn76c
            2001:db8:2::/64,GB,GB-ENG,London,,gcpvj
            192.0.2.64/28,FR
            203.0.113.0/28
            2001:db8:ff::/64
            """;

    @TempDir
    private Path folder;

    private final AtomicLong time = new AtomicLong();

    private EgressSelector selector(String feed, UnaryOperator<EgressSelector.Builder> change) throws IOException {
        return change.apply(EgressSelector.builder()
                        .pools(Geofeed.parse(new StringReader(feed)))
                        .nanoTime(time::get))
                .build();
    }

    private EgressSelector selector() throws IOException {
        return selector(FEED, builder -> builder);
    }

    private static EgressQuery query(String hint, boolean ipv6) throws MalformedGeoException {
        return query(hint, ipv6, false, 1);
    }

    private static EgressQuery query(String hint, boolean ipv6, boolean either, long connection)
            throws MalformedGeoException {
        return new EgressQuery(
                hint.isEmpty() ? Optional.empty() : Optional.of(GeoHint.parse(hint)), ipv6, either, connection);
    }

    private static String pool(EgressSelector selector, EgressQuery query) throws NextHopException {
        return selector.choose(query).pool().orElseThrow().prefix().toString();
    }

    private static ProxyErrorType refusal(EgressSelector selector, EgressQuery query) {
        return catchThrowableOfType(NextHopException.class, () -> selector.choose(query))
                .type();
    }

    @Test
    void theNearestOfTheCountryIsChosen() throws Exception {
        EgressSelector selector = selector();
        assertThat(pool(selector, query("xn77h-JP", false))).isEqualTo("192.0.2.0/28");
        assertThat(pool(selector, query("xn0ks-JP", false))).isEqualTo("192.0.2.16/28");
        assertThat(pool(selector, query("xn0ks-JP", true))).isEqualTo("2001:db8:1:0:0:0:0:0/64");
        EgressChoice choice = selector.choose(query("xn0ks-JP", false));
        assertThat(choice.match()).isEqualTo(Choice.Match.NEAREST);
        assertThat(choice.distanceMetres().orElseThrow()).isBetween(1_000.0, 80_000.0);
        assertThat(choice.pool().orElseThrow().prefix().contains(Objects.requireNonNull(choice.address())))
                .isTrue();
    }

    @Test
    void theCountryWinsOverTheCell() throws Exception {
        assertThat(pool(selector(), query("xn76c-GB", false))).isEqualTo("192.0.2.48/28");
        assertThat(pool(selector(), query("u4pruydqqvj-GB", true))).isEqualTo("2001:db8:2:0:0:0:0:0/64");
    }

    @Test
    void withoutACellTheCountryIsEnough() throws Exception {
        EgressChoice choice = selector().choose(query("JP", false));
        assertThat(choice.pool().orElseThrow().prefix()).hasToString("192.0.2.32/28");
        assertThat(choice.match()).isEqualTo(Choice.Match.COUNTRY);
    }

    @Test
    void withoutAHintTheDefaultIsTaken() throws Exception {
        EgressChoice choice = selector().choose(query("", false));
        assertThat(choice.pool().orElseThrow().prefix()).hasToString("203.0.113.0/28");
        assertThat(choice.match()).isEqualTo(Choice.Match.DEFAULT);
        assertThat(choice.distanceMetres()).isEmpty();
        assertThat(pool(selector(), query("", true))).isEqualTo("2001:db8:ff:0:0:0:0:0/64");
    }

    @Test
    void aCountryWithoutPoolsGetsTheDefaultUnlessPolicyForbidsIt() throws Exception {
        assertThat(pool(selector(), query("u33dc-DE", false))).isEqualTo("203.0.113.0/28");
        EgressSelector strict = selector(FEED, builder -> builder.leaveCountry(LeaveCountry.NEVER));
        assertThat(refusal(strict, query("u33dc-DE", false))).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
    }

    @Test
    void aCountryWithPoolsIsNotLeftUnlessPolicySaysSo() throws Exception {
        assertThat(refusal(selector(), query("FR", true))).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        EgressSelector lax = selector(FEED, builder -> builder.leaveCountry(LeaveCountry.IF_NOTHING_IS_USABLE));
        assertThat(pool(lax, query("FR", true))).isEqualTo("2001:db8:ff:0:0:0:0:0/64");
        assertThat(refusal(lax, query("FR", true, true, 1))).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        assertThat(pool(lax, query("FR", false, true, 1))).isEqualTo("192.0.2.64/28");
    }

    @Test
    void aPoolThatIsOutIsPassedOverForAWhile() throws Exception {
        EgressSelector selector = selector();
        EgressQuery query = query("xn77h-JP", false);
        EgressPool tokyo = selector.choose(query).pool().orElseThrow();
        assertThat(selector.takeOut(tokyo)).isTrue();
        assertThat(selector.takeOut(tokyo)).isFalse();
        assertThat(pool(selector, query)).isEqualTo("192.0.2.16/28");
        assertThat(pool(selector, query("xn77h-JP", true))).isEqualTo("2001:db8:1:0:0:0:0:0/64");
        time.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(pool(selector, query)).isEqualTo("192.0.2.0/28");
    }

    @Test
    void whenAllPoolsOfTheCountryAreOutNothingElseIsTaken() throws Exception {
        EgressSelector selector = selector();
        EgressQuery query = query("gcpvj-GB", true);
        selector.takeOut(selector.choose(query).pool().orElseThrow());
        assertThat(refusal(selector, query)).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
    }

    @Test
    void withoutDefaultPoolsTheSystemChooses() throws Exception {
        EgressSelector selector = selector("192.0.2.0/28,JP", builder -> builder);
        EgressChoice choice = selector.choose(query("", true));
        assertThat(choice.address()).isNull();
        assertThat(choice.pool()).isEmpty();
    }

    @Test
    void aDefaultOfOneFamilyIsNoneOfTheOther() throws Exception {
        EgressSelector selector = selector("192.0.2.0/28", builder -> builder);
        assertThat(refusal(selector, query("", true))).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
    }

    @Test
    void aConnectionKeepsItsAddressAndAllTogetherSpread() throws Exception {
        EgressSelector selector = selector();
        Set<InetAddress> ipv4 = new HashSet<>();
        Set<InetAddress> ipv6 = new HashSet<>();
        for (int connection = 0; connection < 500; connection++) {
            InetAddress address =
                    selector.choose(query("xn76c-JP", false, false, connection)).address();
            assertThat(selector.choose(query("xn76c-JP", false, true, connection))
                            .address())
                    .isEqualTo(address);
            ipv4.add(address);
            ipv6.add(selector.choose(query("xn76c-JP", true, false, connection)).address());
        }
        assertThat(ipv4).hasSize(16);
        assertThat(ipv6).hasSize(500);
    }

    @Test
    void severalPoolsOfOnePlaceAreAllUsed() throws Exception {
        EgressSelector selector = selector("192.0.2.0/32,JP,,,,xn76c\n192.0.2.9/32,JP,,,,xn76c\n", builder -> builder);
        Set<String> used = new HashSet<>();
        for (int connection = 0; connection < 100; connection++) {
            used.add(pool(selector, query("xn76c-JP", false, false, connection)));
        }
        assertThat(used).containsExactlyInAnyOrder("192.0.2.0/32", "192.0.2.9/32");
    }

    @Test
    void theFirstAddressOfASmallIpv6PrefixIsLeftToItsRouters() throws Exception {
        EgressSelector selector = selector("2001:db8::/126,JP", builder -> builder);
        Set<String> used = new HashSet<>();
        for (int connection = 0; connection < 200; connection++) {
            used.add(Objects.requireNonNull(selector.choose(query("JP", true, false, connection))
                            .address())
                    .getHostAddress());
        }
        assertThat(used)
                .containsExactlyInAnyOrder("2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:2", "2001:db8:0:0:0:0:0:3");
    }

    @Test
    void aFileThatChangesIsReadAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("egress.csv"), "192.0.2.0/28,JP");
        EgressSelector selector = EgressSelector.fromGeofeed(file);
        assertThat(selector.reload()).isFalse();
        Files.writeString(file, "198.51.100.0/28,JP\n198.51.100.16/28,GB");
        assertThat(selector.reload()).isTrue();
        assertThat(selector.size()).isEqualTo(2);
        assertThat(pool(selector, query("JP", false))).isEqualTo("198.51.100.0/28");
    }

    @Test
    void ofABadFileTheOldPoolsStayAndItIsSaidOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("egress.csv"), "192.0.2.0/28,JP");
        EgressSelector selector = EgressSelector.fromGeofeed(file);
        Files.writeString(file, "192.0.2.0/28,JP\nnonsense");
        assertThatThrownBy(selector::reload)
                .isInstanceOf(GeofeedException.class)
                .hasMessageStartingWith("line 2: ");
        assertThat(selector.reload()).isFalse();
        assertThat(pool(selector, query("JP", false))).isEqualTo("192.0.2.0/28");
        Files.delete(file);
        assertThatThrownBy(selector::reload).isInstanceOf(IOException.class);
        assertThat(selector.reload()).isFalse();
        Files.writeString(file, "192.0.2.0/29,JP");
        assertThat(selector.reload()).isTrue();
        assertThat(pool(selector, query("JP", false))).isEqualTo("192.0.2.0/29");
    }

    @Test
    void anExplanationShowsTheCandidatesAndTheirDistances() throws Exception {
        EgressSelector selector = selector();
        EgressExplanation explained = selector.explain(Optional.of(GeoHint.parse("xn77h-JP")), false);
        assertThat(explained.candidates())
                .extracting(candidate -> candidate.pool().prefix().toString())
                .containsExactly("192.0.2.0/28", "192.0.2.16/28", "192.0.2.32/28");
        assertThat(explained.choice().orElseThrow().pool())
                .contains(explained.candidates().get(0).pool());
        assertThat(explained.candidates().get(1).distanceMetres().orElseThrow()).isBetween(350_000.0, 450_000.0);
        assertThat(explained.candidates().get(2).distanceMetres()).isEmpty();
        assertThat(selector.explain(Optional.of(GeoHint.parse("DE")), false).candidates())
                .hasSize(1);
    }

    @Test
    void poolsAreNeeded() {
        assertThatThrownBy(() -> EgressSelector.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("which pools? a geofeed, or pools");
    }
}
