package dev.masque.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.core.contract.TestPki;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRulesTest {
    private static final X509Certificate SHOWN = new TestPki()
            .issueTo(
                    "CN=proxy a,OU=Egress,O=Example,C=CH",
                    "a.proxies.example",
                    "uri:spiffe://example/proxies/a",
                    "email:ops@proxies.example",
                    "192.0.2.7",
                    "2001:db8::7")
            .chain()
            .get(0);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "dns:a.proxies.example | a.proxies.example",
                "dns:A.Proxies.Example | a.proxies.example",
                "dns:*.example | a.proxies.example",
                "dns:*.proxies.example | a.proxies.example",
                "uri:spiffe://example/proxies/a | spiffe://example/proxies/a",
                "uri:spiffe://example/proxies/* | spiffe://example/proxies/a",
                "email:ops@proxies.example | ops@proxies.example",
                "ip:192.0.2.7 | 192.0.2.7",
                "ip:2001:DB8:0::7 | 2001:db8:0:0:0:0:0:7",
                "subject:CN=proxy a,OU=Egress,O=Example,C=CH | CN=proxy a,OU=Egress,O=Example,C=CH",
                "subject:cn=Proxy A, ou=egress, o=example, c=ch | CN=proxy a,OU=Egress,O=Example,C=CH",
                "subject:*,O=Example,C=CH | CN=proxy a,OU=Egress,O=Example,C=CH"
            })
    void aRuleLetsItsNameInAndCallsItSo(String rule, String name) {
        assertThat(CertificateRules.anyOf("dns:nobody.example", rule).apply(SHOWN))
                .hasValue(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns:proxies.example",
                "dns:*.a.proxies.example",
                "dns:xa.proxies.example",
                "dns:*.oxies.example",
                "dns:192.0.2.7",
                "uri:spiffe://example/proxies",
                "uri:spiffe://example/prox*",
                "email:ops@proxies.exampl",
                "ip:192.0.2.8",
                "subject:CN=proxy a",
                "subject:*,CN=proxy a,OU=Egress,O=Example,C=CH",
                "subject:*,C=DE",
                "subject:*,O=ample,C=CH"
            })
    void anotherRuleDoesNot(String rule) {
        assertThat(CertificateRules.anyOf(rule).apply(SHOWN)).isEmpty();
    }

    @Test
    void aValueThatLooksLikeTheEndOfASubjectIsNone() {
        X509Certificate sly = new TestPki()
                .issueTo("CN=evil\\,O\\=Example,C=CH", "evil.example")
                .chain()
                .get(0);

        assertThat(CertificateRules.anyOf("subject:*,O=Example,C=CH").apply(sly))
                .isEmpty();
        assertThat(CertificateRules.anyOf("subject:*,C=CH").apply(sly)).isPresent();
    }

    @Test
    void whatIsRefusedIsRefusedWhateverItsName() {
        CertificateRules rules = CertificateRules.anybody().unless(SHOWN::equals);

        assertThat(rules.apply(SHOWN)).isEmpty();
        assertThat(rules.apply(new TestPki().identity().chain().get(0))).hasValue("CN=masque test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.example", "dns:", "cn:a", "ip:a.example", "subject:nonsense", "subject:*,"})
    void whatIsNoRuleIsSaidAtOnce(String rule) {
        assertThatIllegalArgumentException().isThrownBy(() -> CertificateRules.anyOf(rule));
    }
}
