package dev.masque.client;

import static dev.masque.client.RealProxy.udpPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.netty.raw.RawH2;
import dev.masque.server.ResponseProfile;
import dev.masque.server.ServerLimits;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name that cannot be resolved is a refusal that says why, for TCP and for UDP, before any socket (RFC 9209, 2.3). */
@Timeout(120)
class DnsFailureIT {
    @AutoClose
    private final RealProxy proxy = new RealProxy(builder -> builder.responseProfile(ResponseProfile.RFC)
            .limits(ServerLimits.defaults().withTargetTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(5))));

    @ParameterizedTest
    @CsvSource({
        "nx,DNS_ERROR,NXDOMAIN,502",
        "servfail,DNS_ERROR,SERVFAIL,502",
        "refused,DNS_ERROR,REFUSED,502",
        "nodata,DNS_ERROR,NOERROR,502",
        "silent,DNS_TIMEOUT,,504",
        "garbage,DNS_TIMEOUT,,504",
        "half,DNS_ERROR,NOERROR,502",
    })
    void eachKindOfFailureHasItsName(String kind, ProxyErrorType type, String rcode, String status) throws Exception {
        try (RawH2 client = proxy.http2()) {
            client.connect(1, kind + ".example:443");
            assertRefused(client.await(RawH2.HEADERS), type, rcode, status);
            client.connectUdp(3, udpPath(kind + ".example", 53));
            assertRefused(client.await(RawH2.HEADERS), type, rcode, status);
        }
    }

    private static void assertRefused(RawH2.Frame answer, ProxyErrorType type, String rcode, String status) {
        assertThat(answer.fields()).as("%s", answer).containsKey("proxy-status");
        ProxyStatus said = ProxyStatus.parse(java.util.List.of(
                        java.util.Objects.requireNonNull(answer.fields().get("proxy-status"))))
                .get(0);
        assertThat(said.error()).as("%s", answer).contains(type);
        assertThat(said.rcode()).isEqualTo(java.util.Optional.ofNullable(rcode));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(said.details().orElse("")).doesNotContain("example").doesNotContain("127.");
    }
}
