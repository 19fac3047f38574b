package dev.masque.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.core.contract.TestPki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadableTrustTest {
    private final TestPki pki = new TestPki();
    private final TlsIdentity good = pki.issue("good.example");
    private final TlsIdentity bad = pki.issue("bad.example");
    private final Instant tomorrow = Instant.now().plusSeconds(86_400);

    @TempDir
    private Path directory;

    private Path authorities = Path.of("none");

    @BeforeEach
    void write() throws IOException {
        authorities = TestPki.pem(pki.authority(), directory);
    }

    private static void check(ReloadableTrust trust, TlsIdentity shown) throws CertificateException {
        X509Certificate[] chain = shown.chain().toArray(new X509Certificate[0]);
        trust.trust().manager().checkClientTrusted(chain, "EC");
    }

    private static void refuses(ReloadableTrust trust, TlsIdentity shown) {
        assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(trust, shown));
    }

    @Test
    void withoutAListNothingIsRevoked() throws Exception {
        ReloadableTrust trust = ReloadableTrust.fromPem(authorities);

        check(trust, bad);

        assertThat(trust.isRevoked(bad.chain().get(0))).isFalse();
    }

    @Test
    void whatTheListNamesIsRefused() throws Exception {
        ReloadableTrust trust = ReloadableTrust.fromPem(authorities, pki.crl(directory, tomorrow, bad));

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
        refuses(trust, bad);
        assertThat(trust.isRevoked(bad.chain().get(0))).isTrue();
        assertThat(trust.isRevoked(good.chain().get(0))).isFalse();
    }

    @Test
    void withAListThatIsOverEverybodyIsRefused() throws Exception {
        refuses(
                ReloadableTrust.fromPem(
                        authorities, pki.crl(directory, Instant.now().minusSeconds(3_600))),
                good);
    }

    @Test
    void aListOfAnotherAuthorityDoesNotCount() throws Exception {
        refuses(ReloadableTrust.fromPem(authorities, new TestPki().crl(directory, tomorrow)), good);
    }

    @Test
    void bothFilesAreReadAgain() throws Exception {
        TestPki next = new TestPki();
        ReloadableTrust trust = ReloadableTrust.fromPem(authorities, pki.crl(directory, tomorrow));
        assertThat(trust.reload()).isFalse();
        check(trust, bad);

        pki.crl(directory, tomorrow, bad, next.issue());
        assertThat(trust.reload()).isTrue();
        refuses(trust, bad);

        TestPki.pem(next.authority(), directory);
        next.crl(directory, tomorrow);
        assertThat(trust.reload()).isTrue();
        refuses(trust, good);
        check(trust, next.issue());
        assertThat(trust.trust().manager().getAcceptedIssuers()).containsExactly(next.authority());
    }

    @Test
    void whatCannotBeUsedLeavesTheTrustAsItWas() throws Exception {
        Path list = pki.crl(directory, tomorrow, bad);
        ReloadableTrust trust = ReloadableTrust.fromPem(authorities, list);
        Files.writeString(list, "nonsense");

        assertThatExceptionOfType(IOException.class).isThrownBy(trust::reload).withMessageContaining("revoked");

        assertThat(trust.reload()).isFalse();
        check(trust, good);
        refuses(trust, bad);
    }

    @Test
    void aFileWithoutListIsSaidAtOnce() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ReloadableTrust.fromPem(authorities, authorities))
                .withMessageContaining("revoked");
    }
}
