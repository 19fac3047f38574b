package dev.masque.core.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server or a client shows in a TLS handshake: a certificate chain, and the private key. Immutable. {@link Identities}
 * reads one from files.
 *
 * @param key the private key of the first certificate
 * @param chain the certificates, one's own first
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the chain. */
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("empty certificate chain");
        }
    }

    /** Shows nothing of the key. */
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.get(0).getSubjectX500Principal().getName() + "]";
    }
}
