package dev.masque.core.tls;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.core.contract.TestPki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTrustTest {
    private final TlsIdentity good = TestPki.selfSigned();
    private final TlsIdentity other = TestPki.selfSigned();

    @TempDir
    private Path directory;

    private static void check(PeerTrust trust, TlsIdentity... chain) throws CertificateException {
        X509Certificate[] certificates = new X509Certificate[chain.length];
        for (int i = 0; i < chain.length; i++) {
            certificates[i] = chain[i].chain().get(0);
        }
        trust.manager().checkServerTrusted(certificates, "UNKNOWN");
    }

    private static void refuses(PeerTrust trust, TlsIdentity... chain) {
        assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(trust, chain));
    }

    @Test
    void takesTheAuthoritiesOfAFileAlone() throws Exception {
        PeerTrust trust = PeerTrust.pem(TestPki.pem(good.chain().get(0), directory));

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
        refuses(trust, other);
    }

    @Test
    void theSystemDoesNotTrustTheUnknown() {
        refuses(PeerTrust.system(), good);
    }

    @Test
    void takesAPinnedKeyWhoeverSignedIt() {
        PeerTrust trust = PeerTrust.pinned(TestPki.pin(other), "sha256/" + TestPki.pin(good));

        assertThatCode(() -> check(trust, good)).doesNotThrowAnyException();
    }

    @Test
    void aPinnedKeyFurtherUpTheChainProvesNothing() {
        refuses(PeerTrust.pinned(TestPki.pin(good)), other, good);
        refuses(PeerTrust.pinned(TestPki.pin(good)));
    }

    @Test
    void aPinnedCertificateExpiresToo() {
        TlsIdentity old = TestPki.expired();

        refuses(PeerTrust.pinned(TestPki.pin(old)), old);
    }

    @Test
    void aPinInAdditionNeedsBoth() throws Exception {
        PeerTrust file = PeerTrust.pem(TestPki.pem(good.chain().get(0), directory));

        assertThatCode(() -> check(file.andPinned(TestPki.pin(good)), good)).doesNotThrowAnyException();
        refuses(file.andPinned(TestPki.pin(other)), good);
        refuses(file.andPinned(TestPki.pin(other)), other);
    }

    @Test
    void takesAnOrdinaryTrustManager() throws Exception {
        PeerTrust trust = PeerTrust.of(new X509TrustManager() {
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
    void aPinHoldsForClientsToo() {
        var manager = PeerTrust.pinned(TestPki.pin(good)).manager();
        X509Certificate[] client = {good.chain().get(0)};
        X509Certificate[] stranger = {other.chain().get(0)};
        assertThatCode(() -> manager.checkClientTrusted(client, "UNKNOWN")).doesNotThrowAnyException();
        assertThatExceptionOfType(CertificateException.class)
                .isThrownBy(() -> manager.checkClientTrusted(stranger, "UNKNOWN"));
    }

    @Test
    void refusesPinsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(PeerTrust::pinned);
        assertThatIllegalArgumentException().isThrownBy(() -> PeerTrust.pinned("AAAA"));
        assertThatIllegalArgumentException().isThrownBy(() -> PeerTrust.pinned("not base64!"));
    }

    @Test
    void aFileWithoutCertificatesIsAFailure() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PeerTrust.pem(empty));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PeerTrust.pem(garbage));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PeerTrust.pem(directory.resolve("none")));
    }
}
