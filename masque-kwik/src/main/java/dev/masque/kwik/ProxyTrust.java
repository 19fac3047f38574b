package dev.masque.kwik;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A caller's trust in a proxy's chain, and the check of its name, for one connection. agent15 checks names by itself too, but
 * knows no addresses and accepts a common name. Thread-safe if the caller's trust is.
 */
final class ProxyTrust implements X509TrustManager {
    private final X509ExtendedTrustManager trust;
    private final String name;

    @Nullable private volatile Exception refusal;

    ProxyTrust(X509ExtendedTrustManager trust, String name) {
        this.trust = trust;
        this.name = name;
    }

    /** Why the certificate was refused, or null if it was not. */
    @Nullable Exception refusal() {
        return refusal;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            if (chain.length == 0) {
                throw new CertificateException("no certificate");
            }
            // agent15 says RSA, whatever the key is, which makes the JDK look for a use that TLS 1.3 does not have
            trust.checkServerTrusted(chain, "UNKNOWN");
            CertificateName.check(chain[0], name);
        } catch (CertificateException e) {
            refusal = e;
            throw e;
        } catch (RuntimeException e) {
            refusal = e;
            throw new CertificateException("the certificate could not be checked", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is the trust in a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
