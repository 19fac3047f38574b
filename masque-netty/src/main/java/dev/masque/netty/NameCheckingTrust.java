package dev.masque.netty;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A caller's trust in chains, and the name check after it, which the JDK leaves to the trust manager and a trust manager may
 * leave out. Thread-safe if the caller's is.
 */
class NameCheckingTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager trust;

    NameCheckingTrust(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    /** Whom the connection is to. */
    @Nullable String name(SSLEngine engine) {
        return engine.getPeerHost();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        if (engine == null) {
            throw new CertificateException("no connection whose name could be checked");
        }
        trust.checkServerTrusted(chain, authType, engine);
        CertificateName.check(chain[0], name(engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no connection whose name could be checked");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no connection whose name could be checked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
