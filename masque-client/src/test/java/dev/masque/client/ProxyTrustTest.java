package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.ServerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTrustTest {
    private final ServerIdentity good = TestPki.selfSigned();
    private final ServerIdentity other = TestPki.selfSigned();

    @TempDir
    private Path directory;

    private static void check(ProxyTrust trust, ServerIdentity... chain) throws CertificateException {
        X509Certificate[] certificates = new X509Certificate[chain.length];
        for (int i = 0; i < chain.length; i++) {
            certificates[i] = chain[i].chain().get(0);
        }
        trust.manager().checkServerTrusted(certificates, "UNKNOWN");
    }

    private static void refuses(ProxyTrust trust, ServerIdentity... chain) {
        assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(trust, chain));
    }

    @Test
    void takesTheAuthoritiesOfAFileAlone() throws Exception {
        ProxyTrust trust = ProxyTrust.pem(TestPki.pem(good.chain().get(0), directory));

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
        refuses(trust, other);
    }

    @Test
    void theSystemDoesNotTrustTheUnknown() {
        refuses(ProxyTrust.system(), good);
    }

    @Test
    void takesAPinnedKeyWhoeverSignedIt() {
        ProxyTrust trust = ProxyTrust.pinned(TestPki.pin(other), "sha256/" + TestPki.pin(good));

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
    }

    @Test
    void aPinnedKeyFurtherUpTheChainProvesNothing() {
        refuses(ProxyTrust.pinned(TestPki.pin(good)), other, good);
        refuses(ProxyTrust.pinned(TestPki.pin(good)));
    }

    @Test
    void aPinnedCertificateExpiresToo() {
        ServerIdentity old = TestPki.expired();

        refuses(ProxyTrust.pinned(TestPki.pin(old)), old);
    }

    @Test
    void aPinInAdditionNeedsBoth() throws Exception {
        ProxyTrust file = ProxyTrust.pem(TestPki.pem(good.chain().get(0), directory));

        assertThatCode(() -> check(file.andPinned(TestPki.pin(good)), good)).doesNotThrowAnyException();
        refuses(file.andPinned(TestPki.pin(other)), good);
        refuses(file.andPinned(TestPki.pin(other)), other);
    }

    @Test
    void takesAnOrdinaryTrustManager() throws Exception {
        ProxyTrust trust = ProxyTrust.of(new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                if (!chain[0].equals(good.chain().get(0))) {
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
        X509Certificate[] chain = {good.chain().get(0)};
        assertThatExceptionOfType(CertificateException.class)
                .isThrownBy(() -> ProxyTrust.pinned(TestPki.pin(good)).manager().checkClientTrusted(chain, "UNKNOWN"));
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
