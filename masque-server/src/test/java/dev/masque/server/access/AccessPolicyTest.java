package dev.masque.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {
    private static AccessDecision decide(AccessPolicy policy, String host, int port, String address) {
        return policy.decide(Target.of(host, port), address(address));
    }

    private static AccessDecision decide(AccessPolicy policy, String literal, int port) {
        Target target = Target.of(literal, port);
        return policy.decide(target, target.address().orElseThrow());
    }

    private static InetAddress address(String literal) {
        return Target.of(literal, 1).address().orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "100.100.100.200",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:8.8.8.8",
                "::127.0.0.1",
                "::8.8.8.8",
                "64:ff9b::7f00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::7f00:1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:808:808::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
                "4000::1"
            })
    void whatIsNotPublicUnicastIsClosed(String literal) {
        assertThat(decide(AccessPolicy.publicOnly(), literal, 443)).isEqualTo(AccessDecision.ADDRESS_DENIED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "2a00:1450::1",
                "2003::1",
                "3ffe:ffff::1"
            })
    void whatIsPublicUnicastIsOpen(String literal) {
        assertThat(decide(AccessPolicy.publicOnly(), literal, 443)).isEqualTo(AccessDecision.ALLOWED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f.1",
                "0x7f000001",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "127.0.0.1.",
                "017700000001",
                "1.2.3.4.5",
                "0x",
                "fe80::1%eth0",
                "[::1]x",
                "127.0.0.256"
            })
    void spellingsThatOnlySomeResolversTakeForAnAddressAreNoTarget(String host) {
        assertThatThrownBy(() -> Target.of(host, 443)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aResolverCannotSmuggleAMappedAddress() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 127;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress("x", mapped, 0);
        assertThat(AccessPolicy.publicOnly().decide(Target.of("a.example", 443), address))
                .isEqualTo(AccessDecision.ADDRESS_DENIED);
    }

    @Test
    void aNameThatResolvesToAPrivateAddressIsDeniedEvenIfItIsAllowed() {
        AccessPolicy policy =
                AccessPolicy.builder().allow("intranet.example").allow("*").build();
        assertThat(decide(policy, "intranet.example", 443, "10.0.0.1")).isEqualTo(AccessDecision.ADDRESS_DENIED);
    }

    @Test
    void anAllowedPrivateRangeOpensJustThat() {
        AccessPolicy policy = AccessPolicy.builder().allow("10.1.0.0/16:443").build();
        assertThat(decide(policy, "10.1.2.3", 443)).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "intranet.example", 443, "10.1.2.3")).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "10.1.2.3", 80)).isEqualTo(AccessDecision.ADDRESS_DENIED);
        assertThat(decide(policy, "10.2.0.1", 443)).isEqualTo(AccessDecision.ADDRESS_DENIED);
        assertThat(decide(policy, "8.8.8.8", 53)).isEqualTo(AccessDecision.ALLOWED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"127.0.0.1", "127.0.0.0/8", "127.0.0.1:443", "127.0.0.0/8:1-1000", "127.0.0.1:*"})
    void loopbackCanBeOpened(String rule) {
        assertThat(decide(AccessPolicy.builder().allow(rule).build(), "127.0.0.1", 443))
                .isEqualTo(AccessDecision.ALLOWED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"::1", "[::1]:443", "[::1/128]:443", "[::1]/128:443", "::1/128", "[::]/127"})
    void ipv6RulesMayHavePorts(String rule) {
        assertThat(decide(AccessPolicy.builder().allow(rule).build(), "::1", 443))
                .isEqualTo(AccessDecision.ALLOWED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"*", "0.0.0.0/0", "8.0.0.0/5", "*:443"})
    void whatDoesNotNameAPrivateRangeDoesNotOpenIt(String rule) {
        AccessPolicy policy = AccessPolicy.builder().allow(rule).build();
        assertThat(decide(policy, "10.0.0.1", 443)).isEqualTo(AccessDecision.ADDRESS_DENIED);
        assertThat(decide(policy, "127.0.0.1", 443)).isEqualTo(AccessDecision.ADDRESS_DENIED);
    }

    @ParameterizedTest(name = "{0}:{1} is {2}")
    @CsvSource({
        "www.example.com, 443, ALLOWED",
        "a.b.example.com, 443, ALLOWED",
        "www.example.com., 443, ALLOWED",
        "example.com, 443, TARGET_DENIED",
        "notexample.com, 443, TARGET_DENIED",
        "www.example.com, 80, TARGET_DENIED",
        "bad.example.com, 443, TARGET_DENIED",
        "x.bad.example.com, 443, ALLOWED",
        "other.test, 443, TARGET_DENIED",
    })
    void theNarrowestRuleOnNamesWins(String host, int port, AccessDecision expected) {
        AccessPolicy policy = AccessPolicy.builder()
                .deny("*")
                .allow("*.example.com:443")
                .deny("bad.example.com")
                .build();
        assertThat(policy.beforeResolving(Target.of(host, port))).isEqualTo(expected);
        assertThat(decide(policy, host, port, "8.8.8.8")).isEqualTo(expected);
    }

    @Test
    void aDeniedRangeIsDeniedUnderAnyName() {
        AccessPolicy policy =
                AccessPolicy.builder().allow("*.example.com").deny("8.8.0.0/16").build();
        assertThat(decide(policy, "www.example.com", 443, "8.8.8.8")).isEqualTo(AccessDecision.ADDRESS_DENIED);
    }

    @Test
    void aNarrowerRangeWinsOverAWiderOne() {
        AccessPolicy policy =
                AccessPolicy.builder().deny("10.0.0.0/8").allow("10.1.0.0/16").build();
        assertThat(decide(policy, "10.1.0.1", 443)).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "10.2.0.1", 443)).isEqualTo(AccessDecision.ADDRESS_DENIED);
    }

    @Test
    void allButSomePortsCanBeDenied() {
        AccessPolicy policy = AccessPolicy.builder()
                .deny("*")
                .allow("*:443")
                .allow("*:8000-8999")
                .build();
        assertThat(decide(policy, "8.8.8.8", 443)).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "8.8.8.8", 8080)).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "8.8.8.8", 25)).isEqualTo(AccessDecision.TARGET_DENIED);
    }

    @Test
    void aRangeCanBeAllowedWhereEverythingElseIsDenied() {
        AccessPolicy policy =
                AccessPolicy.builder().deny("*").allow("8.8.8.0/24").build();
        Target name = Target.of("dns.example", 53);
        assertThat(policy.beforeResolving(name)).isEqualTo(AccessDecision.ALLOWED);
        assertThat(policy.decide(name, address("8.8.8.8"))).isEqualTo(AccessDecision.ALLOWED);
        assertThat(policy.decide(name, address("9.9.9.9"))).isEqualTo(AccessDecision.TARGET_DENIED);
    }

    @Test
    void aDenialWinsOverTheSameRuleAsAnAllowance() {
        AccessPolicy policy =
                AccessPolicy.builder().allow("a.example").deny("a.example").build();
        assertThat(policy.beforeResolving(Target.of("a.example", 1))).isEqualTo(AccessDecision.TARGET_DENIED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "", ":443", "example.com:", "example.com:0", "example.com:65536", "example.com:80-79", "a b",
                        "10.0.0.0/33",
                "::1/129", "::ffff:10.0.0.0/104", "10.0.0.0/x", "*.10.0.0.1", "*.", "[::1", "ex*mple.com", "0x7f.1"
            })
    void whatIsNoRuleIsRefusedWithTheRuleInTheMessage(String rule) {
        assertThatThrownBy(() -> AccessPolicy.builder().allow(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void showsItsRules() {
        assertThat(AccessPolicy.builder()
                        .deny("*:25")
                        .allow("10.0.0.0/8")
                        .allow("[fd00::]/8:443")
                        .allow("*.example.com:1-9")
                        .build())
                .hasToString(
                        "[allow *.example.com:1-9, allow [fd00:0:0:0:0:0:0:0/8]:443, allow 10.0.0.0/8:*, deny *:25]");
    }

    @Test
    void aFirstHopLeadsToItsNextHopsWhateverTheirAddress() throws UnknownHostException {
        AccessPolicy policy =
                AccessPolicy.nextHopsOnly(List.of(Target.of("b.example", 443), Target.of("10.0.0.7", 8443)));

        assertThat(decide(policy, "b.example", 443, "10.0.0.1")).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "B.example.", 443, "203.0.114.1")).isEqualTo(AccessDecision.ALLOWED);
        assertThat(decide(policy, "10.0.0.7", 8443)).isEqualTo(AccessDecision.ALLOWED);
        assertThat(policy.names(Target.of("b.example", 443), address("127.0.0.1")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"b.example, 444", "c.example, 443", "sub.b.example, 443", "10.0.0.7, 443", "93.184.216.34, 443"})
    void aFirstHopLeadsNowhereElse(String host, int port) throws UnknownHostException {
        AccessPolicy policy =
                AccessPolicy.nextHopsOnly(List.of(Target.of("b.example", 443), Target.of("10.0.0.7", 8443)));

        assertThat(policy.beforeResolving(Target.of(host, port))).isEqualTo(AccessDecision.TARGET_DENIED);
        assertThat(decide(policy, host, port, "93.184.216.34")).isEqualTo(AccessDecision.TARGET_DENIED);
    }

    @Test
    void aFirstHopWithoutNextHopsIsNone() {
        assertThatThrownBy(() -> AccessPolicy.nextHopsOnly(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "anywhere.example, ALLOWED",
        "10.0.0.1, ALLOWED", // private ones are for the other proxy to decide
        "127.0.0.1, ALLOWED",
        "closed.example, TARGET_DENIED",
        "a.below.example, TARGET_DENIED",
        "open.below.example, ALLOWED",
        "192.0.2.1, ADDRESS_DENIED",
        "::ffff:192.0.2.9, ADDRESS_DENIED"
    })
    void whereAnotherProxyResolvesRulesHoldForWhatIsAskedFor(String host, AccessDecision decision) {
        AccessPolicy policy = AccessPolicy.builder()
                .deny("closed.example")
                .deny("*.below.example")
                .allow("open.below.example")
                .deny("192.0.2.0/24")
                .build();

        assertThat(policy.withoutResolving(Target.of(host, 443))).isEqualTo(decision);
    }

    @ParameterizedTest(name = "{0}:{1}: {2}")
    @CsvSource({
        "listed.example, 443, ALLOWED",
        "listed.example, 80, TARGET_DENIED",
        "other.example, 443, TARGET_DENIED", // it may resolve to an allowed address: nobody here knows
        "192.0.2.1, 443, ALLOWED",
        "192.0.3.1, 443, TARGET_DENIED"
    })
    void whereAnotherProxyResolvesAListIsAList(String host, int port, AccessDecision decision) {
        AccessPolicy policy = AccessPolicy.builder()
                .deny("*")
                .allow("listed.example:443")
                .allow("192.0.2.0/24")
                .build();

        assertThat(policy.withoutResolving(Target.of(host, port))).isEqualTo(decision);
    }

    @Test
    void whereAnotherProxyResolvesNextHopsAreTheOnlyOnes() {
        AccessPolicy policy = AccessPolicy.nextHopsOnly(List.of(Target.of("c.example", 443)));

        assertThat(policy.withoutResolving(Target.of("c.example", 443))).isEqualTo(AccessDecision.ALLOWED);
        assertThat(policy.withoutResolving(Target.of("d.example", 443))).isEqualTo(AccessDecision.TARGET_DENIED);
    }
}
