package dev.masque.core.spi;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain and its private key. Immutable.
 *
 * @param key the private key of the first certificate
 * @param chain the certificates, the server's own first
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the chain. */
    public ServerIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("empty certificate chain");
        }
    }

    /** Shows nothing of the key. */
    @Override
    public String toString() {
        return "ServerIdentity[" + chain.get(0).getSubjectX500Principal().getName() + "]";
    }
}
