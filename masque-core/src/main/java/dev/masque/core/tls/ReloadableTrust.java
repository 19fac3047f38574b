package dev.masque.core.tls;

import dev.masque.core.WatchedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust in the authorities of a file, less what a list of revoked certificates names (RFC 5280, 5), read again when told so.
 * Thread-safe. New connections see what is new; those that stand stay.
 *
 * <p>With a list, every certificate that is shown needs one of its issuer in the file, signed by that issuer, whose next update is
 * not over: without it the certificate is refused. Nothing is fetched.
 *
 * <pre>{@code
 * ReloadableTrust clients = ReloadableTrust.fromPem(Path.of("clients-ca.pem"), Path.of("clients.crl"));
 * MasqueServer.builder()
 *         .requireClientCertificates(clients.trust())
 *         .authenticate(Authenticators.clientCertificate(
 *                 CertificateRules.anyOf("dns:*.proxies.example").unless(clients::isRevoked)))
 *         .reload("client authorities", clients::reload);
 * }</pre>
 */
public final class ReloadableTrust {
    private final WatchedFile authorities;

    @Nullable private final WatchedFile revoked;

    private final PeerTrust trust = PeerTrust.of(new CurrentTrust(() -> current().manager));
    private volatile State state;

    private record State(X509ExtendedTrustManager manager, List<X509CRL> lists) {}

    private ReloadableTrust(Path authorities, @Nullable Path revoked) throws IOException {
        this.authorities = new WatchedFile(authorities);
        this.revoked = revoked == null ? null : new WatchedFile(revoked);
        hasChanged(); // before they are read: what changes meanwhile is read again
        state = read();
    }

    /**
     * Trust in the authorities of a file, and no others.
     *
     * @param authorities certificates in PEM
     * @return the trust
     * @throws IOException if the file cannot be read, or holds no certificate
     */
    public static ReloadableTrust fromPem(Path authorities) throws IOException {
        return new ReloadableTrust(authorities, null);
    }

    /**
     * Trust in the authorities of a file, less what is revoked.
     *
     * @param authorities certificates in PEM
     * @param revoked lists of revoked certificates (CRLs), in PEM or one in DER
     * @return the trust
     * @throws IOException if a file cannot be read, or holds no certificate or no list
     */
    public static ReloadableTrust fromPem(Path authorities, Path revoked) throws IOException {
        return new ReloadableTrust(authorities, revoked);
    }

    private State current() {
        return state;
    }

    /**
     * As it is at each moment.
     *
     * @return trust that follows {@link #reload}
     */
    public PeerTrust trust() {
        return trust;
    }

    /**
     * Whether a list names a certificate. For connections that stand, or were resumed, when the list changed.
     *
     * @param certificate one that was trusted in its handshake
     * @return false without a list
     */
    public boolean isRevoked(X509Certificate certificate) {
        return current().lists.stream()
                .anyMatch(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                        && list.isRevoked(certificate));
    }

    /**
     * Reads the files again if they have changed. Blocks.
     *
     * @return false if they are the same
     * @throws IOException if they cannot be used: the trust then stays as it was, until they have changed once more
     */
    public boolean reload() throws IOException {
        if (!hasChanged()) {
            return false;
        }
        state = read();
        return true;
    }

    private boolean hasChanged() throws IOException {
        boolean first = authorities.hasChanged(); // both are asked
        return revoked != null && revoked.hasChanged() || first;
    }

    private State read() throws IOException {
        PeerTrust plain = PeerTrust.pem(authorities.path());
        if (revoked == null) {
            return new State(plain.manager(), List.of());
        }
        List<X509CRL> lists = lists(revoked.path());
        return new State(checking(List.of(plain.manager().getAcceptedIssuers()), lists), lists);
    }

    private static List<X509CRL> lists(Path file) throws IOException {
        List<X509CRL> lists = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (CRL list : factory.generateCRLs(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                if (list instanceof X509CRL x509) {
                    lists.add(x509);
                }
            }
        } catch (CRLException e) {
            throw new IOException("no lists of revoked certificates: " + file, e);
        } catch (CertificateException e) {
            throw new IllegalStateException("the JVM has no X.509", e);
        }
        if (lists.isEmpty()) {
            throw new IOException("no list of revoked certificates in " + file);
        }
        return List.copyOf(lists);
    }

    private static X509ExtendedTrustManager checking(List<X509Certificate> anchors, List<X509CRL> lists) {
        try {
            Set<TrustAnchor> trusted = anchors.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, new X509CertSelector());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the JVM has no X.509 trust manager"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM cannot check for revoked certificates", e);
        }
    }
}
