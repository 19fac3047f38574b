package dev.masque.netty;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** A proxy's trust in its clients, whose refusals they hear of. Thread-safe if the trust manager is. */
final class ClientTrust extends NameCheckingTrust {
    ClientTrust(X509ExtendedTrustManager trust) {
        super(trust);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            super.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw ChainRefusal.of(e);
        }
    }
}
