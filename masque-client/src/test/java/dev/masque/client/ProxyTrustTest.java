package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTrustTest {
    private final Certificates good = Certificates.create();
    private final Certificates other = Certificates.create();

    @TempDir
    private Path directory;

    private static void check(ProxyTrust trust, Certificates... chain) throws CertificateException {
        X509Certificate[] certificates = new X509Certificate[chain.length];
        for (int i = 0; i < chain.length; i++) {
            certificates[i] = chain[i].certificate();
        }
        trust.manager().checkServerTrusted(certificates, "UNKNOWN");
    }

    private static void refuses(ProxyTrust trust, Certificates... chain) {
        assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(trust, chain));
    }

    @Test
    void takesTheAuthoritiesOfAFileAlone() throws Exception {
        ProxyTrust trust = ProxyTrust.pem(good.pem(directory));

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
        refuses(trust, other);
    }

    @Test
    void theSystemDoesNotTrustTheUnknown() {
        refuses(ProxyTrust.system(), good);
    }

    @Test
    void takesAPinnedKeyWhoeverSignedIt() {
        ProxyTrust trust = ProxyTrust.pinned(other.pin(), "sha256/" + good.pin());

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
    }

    @Test
    void aPinnedKeyFurtherUpTheChainProvesNothing() {
        refuses(ProxyTrust.pinned(good.pin()), other, good);
        refuses(ProxyTrust.pinned(good.pin()));
    }

    @Test
    void aPinnedCertificateExpiresToo() {
        Certificates old = Certificates.create(
                Instant.now().minus(Duration.ofDays(2)), Instant.now().minus(Duration.ofDays(1)));

        refuses(ProxyTrust.pinned(old.pin()), old);
    }

    @Test
    void aPinInAdditionNeedsBoth() throws Exception {
        ProxyTrust file = ProxyTrust.pem(good.pem(directory));

        assertThatCode(() -> check(file.andPinned(good.pin()), good)).doesNotThrowAnyException();
        refuses(file.andPinned(other.pin()), good);
        refuses(file.andPinned(other.pin()), other);
    }

    @Test
    void takesAnOrdinaryTrustManager() throws Exception {
        ProxyTrust trust = ProxyTrust.of(new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                if (!chain[0].equals(good.certificate())) {
                    throw new CertificateException("not that one");
                }
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        });

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
        refuses(trust, other);
    }

    @Test
    void neverTrustsClients() {
        X509Certificate[] chain = {good.certificate()};
        assertThatExceptionOfType(CertificateException.class)
                .isThrownBy(() -> ProxyTrust.pinned(good.pin()).manager().checkClientTrusted(chain, "UNKNOWN"));
    }

    @Test
    void refusesPinsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(ProxyTrust::pinned);
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyTrust.pinned("AAAA"));
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyTrust.pinned("not base64!"));
    }

    @Test
    void aFileWithoutCertificatesIsAFailure() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ProxyTrust.pem(empty));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ProxyTrust.pem(garbage));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ProxyTrust.pem(directory.resolve("none")));
    }
}
