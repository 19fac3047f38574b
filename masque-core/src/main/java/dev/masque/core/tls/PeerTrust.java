package dev.masque.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates of the other side are accepted: of a proxy by its client, of a client by its proxy. Immutable. Whatever it
 * says, that of a proxy must also be for the proxy's name (RFC 9525).
 */
public final class PeerTrust {
    private final X509ExtendedTrustManager manager;

    private PeerTrust(X509ExtendedTrustManager manager) {
        this.manager = manager;
    }

    /**
     * The authorities that the JVM trusts.
     *
     * @return the default
     */
    public static PeerTrust system() {
        return new PeerTrust(manager(null));
    }

    /**
     * The authorities of a file, and no others.
     *
     * @param file certificates in PEM
     * @return trust in those
     * @throws IOException if the file cannot be read, or holds no certificate
     */
    public static PeerTrust pem(Path file) throws IOException {
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (certificates.isEmpty()) {
                throw new IOException("no certificate in " + file);
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            return new PeerTrust(manager(store));
        } catch (CertificateException e) {
            throw new IOException("no certificates in PEM: " + file, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM has no X.509", e);
        }
    }

    /**
     * What another trust manager says.
     *
     * @param manager asked for each handshake; thread-safe
     * @return trust in what it trusts
     */
    public static PeerTrust of(X509TrustManager manager) {
        return new PeerTrust(
                manager instanceof X509ExtendedTrustManager extended ? extended : new PlainTrustManager(manager));
    }

    /**
     * One of these keys and nothing else: who signed the certificate does not matter, so it may be the peer itself.
     *
     * @param sha256 SHA-256 hashes of the subjectPublicKeyInfo of the peer's own certificate, in base64; {@code sha256/} in
     *     front is taken
     * @return trust in those keys
     * @throws IllegalArgumentException if there is none, or one is not a hash
     */
    public static PeerTrust pinned(String... sha256) {
        return new PeerTrust(new PinnedKeys(null, sha256));
    }

    /**
     * Requires one of these keys in addition.
     *
     * @param sha256 as for {@link #pinned}
     * @return trust in what this trusts, if it also has one of these keys
     * @throws IllegalArgumentException if there is none, or one is not a hash
     */
    public PeerTrust andPinned(String... sha256) {
        return new PeerTrust(new PinnedKeys(manager, sha256));
    }

    /**
     * The same for TLS.
     *
     * @return a trust manager, thread-safe; that of a client does not check the proxy's name
     */
    public X509ExtendedTrustManager manager() {
        return manager;
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager candidate : factory.getTrustManagers()) {
                if (candidate instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("the JVM has no X.509 trust manager");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM's trust cannot be loaded", e);
        }
    }
}
