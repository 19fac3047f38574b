package dev.masque.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.netty.raw.DnsResponder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names from a name server of our own, in real packets. */
@ParameterizedClass(name = "{0}")
@EnumSource(SocketKind.class)
@Timeout(60)
class NettyResolverIT {
    private static final Duration PATIENT = Duration.ofSeconds(8);
    private static final Duration IMPATIENT = Duration.ofSeconds(2);

    private final SocketKind kind;
    private DnsResponder server;
    private NettyResolver resolver;

    @SuppressWarnings("NullAway.Init") // open()
    NettyResolverIT(SocketKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws IOException {
        server = new DnsResponder();
        resolver = resolver(PATIENT, server.address());
    }

    @AfterEach
    void close() throws IOException {
        resolver.close();
        server.close();
    }

    @Test
    void bothFamiliesComeAndIpv6First() throws Exception {
        List<InetAddress> addresses = resolve("both.example");

        assertThat(addresses).hasSize(2);
        assertThat(addresses.get(0)).isInstanceOf(Inet6Address.class);
        assertThat(addresses.get(1)).isInstanceOf(Inet4Address.class);
    }

    @Test
    void oneFamilyIsEnough() throws Exception {
        assertThat(resolve("v4.example")).singleElement().isInstanceOf(Inet4Address.class);
        assertThat(resolve("v6.example")).singleElement().isInstanceOf(Inet6Address.class);
    }

    @Test
    void anAliasIsFollowed() throws Exception {
        assertThat(resolve("alias.example")).hasSize(2);
    }

    @Test
    void aTruncatedAnswerIsAskedForAgainOverTcp() throws Exception {
        assertThat(resolve("large.example")).hasSize(200);
        assertThat(server.questions).anyMatch(question -> question.endsWith("tcp"));
    }

    @ParameterizedTest
    @CsvSource({"nx.example,NXDOMAIN", "servfail.example,SERVFAIL", "refused.example,REFUSED", "nodata.example,NOERROR"
    })
    void aFailureCarriesItsResponseCodeAlsoFromTheCache(String name, String rcode) {
        for (int i = 0; i < 2; i++) {
            NextHopException failure = failure(resolver, name);

            assertThat(failure.type()).isEqualTo(ProxyErrorType.DNS_ERROR);
            assertThat(failure.rcode()).isEqualTo(rcode);
            assertThat(failure.getMessage()).doesNotContain("example");
        }
    }

    @Test
    void silenceIsATimeout() {
        try (NettyResolver impatient = resolver(IMPATIENT, server.address())) {
            NextHopException failure = failure(impatient, "silent.example");

            assertThat(failure.type()).isEqualTo(ProxyErrorType.DNS_TIMEOUT);
            assertThat(failure.rcode()).isNull();
        }
    }

    @Test
    void aLostPacketIsAskedForAgain() throws Exception {
        try (NettyResolver impatient = resolver(IMPATIENT, server.address())) {
            assertThat(impatient.resolve("lossy.example").toCompletableFuture().get(10, SECONDS))
                    .isNotEmpty();
        }
    }

    @Test
    void theSecondServerHelpsWhenTheFirstIsDead() throws Exception {
        InetSocketAddress dead = server.address();
        server.close();
        try (DnsResponder alive = new DnsResponder();
                NettyResolver both = resolver(IMPATIENT, dead, alive.address())) {
            assertThat(both.resolve("both.example").toCompletableFuture().get(10, SECONDS))
                    .hasSize(2);
        }
    }

    @Test
    void anAnswerIsRememberedForItsTimeToLive() throws Exception {
        resolve("both.example");
        resolve("both.example");

        assertThat(server.asked("both.example")).isEqualTo(2); // A and AAAA
    }

    @Test
    void anAnswerWithoutTimeToLiveIsNotRemembered() throws Exception {
        resolve("short.example");
        resolve("short.example");

        assertThat(server.asked("short.example")).isEqualTo(4);
    }

    @Test
    void manyWhoAskAtTheSameTimeCostOneQuestion() throws Exception {
        var all = IntStream.range(0, 50)
                .mapToObj(i -> resolver.resolve("both.example").toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);

        CompletableFuture.allOf(all).get(10, SECONDS);

        assertThat(server.asked("both.example")).isEqualTo(2);
    }

    @Test
    void eachResolutionAsksFromAPortOfItsOwn() throws Exception {
        for (int i = 0; i < 10; i++) {
            resolve("both.n" + i + ".example");
        }

        assertThat(server.ports).hasSizeGreaterThanOrEqualTo(9);
    }

    @Test
    void aNameIsTakenAsItIs() {
        failure(resolver, "nx");

        assertThat(server.questions).allMatch(question -> question.startsWith("nx. "));
    }

    @Test
    void theHostsFileDoesNotCountWhenNameServersAreGiven() throws Exception {
        String inMostHostsFiles = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);

        resolve(inMostHostsFiles);

        assertThat(server.asked(inMostHostsFiles)).isEqualTo(2);
    }

    @Test
    void localhostIsThisHostWhateverTheServerSays() throws Exception { // RFC 6761, 6.3
        assertThat(resolve("localhost")).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        assertThat(server.questions).isEmpty();
    }

    @Test
    void theHostsFileCountsWithTheServersOfTheSystem() throws Exception {
        try (NettyResolver system = resolver(PATIENT)) {
            assertThat(system.resolve("localhost").toCompletableFuture().get(10, SECONDS))
                    .isNotEmpty()
                    .allMatch(InetAddress::isLoopbackAddress);
        }
    }

    @Test
    void aNumberIsNoAddress() throws Exception {
        assertThat(resolve("2130706433")).noneMatch(InetAddress::isLoopbackAddress);
        assertThat(resolve("0x7f.1")).noneMatch(InetAddress::isLoopbackAddress);
        assertThat(server.asked("2130706433.")).isEqualTo(2);
    }

    @Test
    void anImpossibleNameFails() {
        assertThat(failure(resolver, "").type()).isEqualTo(ProxyErrorType.DNS_ERROR);
        assertThat(failure(resolver, "x".repeat(64) + ".example").type()).isEqualTo(ProxyErrorType.DNS_ERROR);
        assertThat(failure(resolver, "a..example").type()).isEqualTo(ProxyErrorType.DNS_ERROR);
    }

    @Test
    void aClosedResolverFails() {
        resolver.close();
        resolver.close();

        assertThat(failure(resolver, "both.example").type()).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
    }

    private List<InetAddress> resolve(String name) throws Exception {
        return resolver.resolve(name).toCompletableFuture().get(10, SECONDS);
    }

    private static NextHopException failure(NettyResolver resolver, String name) {
        var thrown = new Object() {
            NextHopException failure = new NextHopException(ProxyErrorType.DNS_ERROR, "none", null);
        };
        assertThatThrownBy(() -> resolver.resolve(name).toCompletableFuture().get(10, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(NextHopException.class, e -> thrown.failure = e);
        return thrown.failure;
    }

    private NettyResolver resolver(Duration timeout, InetSocketAddress... servers) {
        return new NettyResolver(Groups.of(kind), List.of(servers), timeout);
    }
}
