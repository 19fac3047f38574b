package dev.masque.client;

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
 * Which certificates a client takes for the proxy's. Immutable. Whatever it says, the certificate must also be for the
 * proxy's name (RFC 9525).
 */
public final class ProxyTrust {
    private final X509ExtendedTrustManager manager;

    private ProxyTrust(X509ExtendedTrustManager manager) {
        this.manager = manager;
    }

    /**
     * The authorities that the JVM trusts.
     *
     * @return the default
     */
    public static ProxyTrust system() {
        return new ProxyTrust(manager(null));
    }

    /**
     * The authorities of a file, and no others.
     *
     * @param file certificates in PEM
     * @return trust in those
     * @throws IOException if the file cannot be read, or holds no certificate
     */
    public static ProxyTrust pem(Path file) throws IOException {
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
            return new ProxyTrust(manager(store));
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
    public static ProxyTrust of(X509TrustManager manager) {
        return new ProxyTrust(
                manager instanceof X509ExtendedTrustManager extended ? extended : new PlainTrustManager(manager));
    }

    /**
     * One of these keys and nothing else: who signed the certificate does not matter, so it may be the proxy itself.
     *
     * @param sha256 SHA-256 hashes of the subjectPublicKeyInfo of the proxy's own certificate, in base64; {@code sha256/} in
     *     front is taken
     * @return trust in those keys
     * @throws IllegalArgumentException if there is none, or one is not a hash
     */
    public static ProxyTrust pinned(String... sha256) {
        return new ProxyTrust(new PinnedKeys(null, sha256));
    }

    /**
     * Requires one of these keys in addition.
     *
     * @param sha256 as for {@link #pinned}
     * @return trust in what this trusts, if it also has one of these keys
     * @throws IllegalArgumentException if there is none, or one is not a hash
     */
    public ProxyTrust andPinned(String... sha256) {
        return new ProxyTrust(new PinnedKeys(manager, sha256));
    }

    X509ExtendedTrustManager manager() {
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
