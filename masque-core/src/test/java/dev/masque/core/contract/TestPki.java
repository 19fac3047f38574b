package dev.masque.core.contract;

import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests, and what it issues. Thread-safe. */
public final class TestPki {
    private static final AtomicLong SERIAL = new AtomicLong(System.currentTimeMillis());
    private static final String[] LOCAL = {"localhost", "proxy.example", "127.0.0.1", "::1"};
    private static final X500Name NAME = new X500Name("CN=masque test authority");

    private static final X500Name LEAF = new X500Name("CN=masque test");

    private final KeyPair keys = newKeys();
    private final X509Certificate authority = sign(Validity.now(), keys, NAME, keys, NAME);
    private final TlsIdentity identity = issue();

    /**
     * The identity for localhost that is always the same.
     *
     * @return a certificate for {@code localhost}, 127.0.0.1 and ::1, and its key
     */
    public TlsIdentity identity() {
        return identity;
    }

    /**
     * Issues a certificate with a key of its own.
     *
     * @param names the names and addresses that it is for; none means localhost
     * @return the certificate with that of the authority, and the key
     */
    public TlsIdentity issue(String... names) {
        KeyPair own = newKeys();
        X509Certificate leaf = sign(Validity.now(), own, LEAF, keys, NAME, names.length == 0 ? LOCAL : names);
        return new TlsIdentity(own.getPrivate(), List.of(leaf, authority));
    }

    /**
     * Issues a certificate with a key of its own to somebody.
     *
     * @param subject the distinguished name, as RFC 2253 writes it
     * @param names as for {@link #issue}, or with {@code uri:} or {@code email:} in front
     * @return the certificate with that of the authority, and the key
     */
    public TlsIdentity issueTo(String subject, String... names) {
        KeyPair own = newKeys();
        X509Certificate leaf = sign(
                Validity.now(), own, X500Name.getInstance(new X500Principal(subject).getEncoded()), keys, NAME, names);
        return new TlsIdentity(own.getPrivate(), List.of(leaf, authority));
    }

    /**
     * Writes a list of revoked certificates, to the file of the one before.
     *
     * @param directory where
     * @param nextUpdate until when it is in force
     * @param revoked what it names
     * @return the file, in PEM
     */
    public Path crl(Path directory, Instant nextUpdate, TlsIdentity... revoked) {
        try {
            Date now = Date.from(Instant.now().minus(2, ChronoUnit.HOURS));
            var builder = new JcaX509v2CRLBuilder(authority, now);
            builder.setNextUpdate(Date.from(nextUpdate));
            for (TlsIdentity each : revoked) {
                builder.addCRLEntry(each.chain().get(0).getSerialNumber(), now, 0);
            }
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return Files.writeString(
                    directory.resolve("revoked.pem"),
                    "-----BEGIN X509 CRL-----\n" + body + "\n-----END X509 CRL-----\n");
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes a certificate for localhost that no authority signed.
     *
     * @return a certificate that signs itself, and its key
     */
    public static TlsIdentity selfSigned() {
        return selfSigned(Validity.now());
    }

    /**
     * Makes a certificate as {@link #selfSigned()} does that is over.
     *
     * @return a certificate that signs itself and was valid until yesterday, and its key
     */
    public static TlsIdentity expired() {
        Instant now = Instant.now();
        return selfSigned(new Validity(now.minus(2, ChronoUnit.DAYS), now.minus(1, ChronoUnit.DAYS)));
    }

    private static TlsIdentity selfSigned(Validity validity) {
        KeyPair own = newKeys();
        return new TlsIdentity(own.getPrivate(), List.of(sign(validity, own, LEAF, own, LEAF, LOCAL)));
    }

    /**
     * The pin of an identity's key.
     *
     * @param identity whose
     * @return the SHA-256 of its public key in Base64
     */
    public static String pin(TlsIdentity identity) {
        try {
            byte[] key = identity.chain().get(0).getPublicKey().getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes a certificate to a file.
     *
     * @param certificate what to write
     * @param directory where
     * @return the file, in PEM
     * @throws IOException if it cannot be written
     */
    public static Path pem(X509Certificate certificate, Path directory) throws IOException {
        try {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return Files.writeString(
                    directory.resolve("ca.pem"),
                    "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * For both ends of a connection.
     *
     * @return has {@link #identity()}, and trusts what this authority issues
     */
    public SSLContext context() {
        char[] password = "none".toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", identity.key(), password, identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The certificate of the authority.
     *
     * @return a certificate that signs itself
     */
    public X509Certificate authority() {
        return authority;
    }

    /**
     * Trusts what this authority issues, and nothing else.
     *
     * @return a trust manager of the JDK
     */
    public X509ExtendedTrustManager trust() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Validity(Instant from, Instant to) {
        private static Validity now() {
            Instant now = Instant.now();
            return new Validity(now.minus(1, ChronoUnit.HOURS), now.plus(1, ChronoUnit.DAYS));
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(
            Validity validity, KeyPair subject, X500Name name, KeyPair issuer, X500Name by, String... names) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    by,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(validity.from),
                    Date.from(validity.to),
                    name,
                    subject.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(names.length == 0));
            if (names.length > 0) {
                GeneralName[] alternatives =
                        Arrays.stream(names).map(TestPki::alternative).toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralName alternative(String name) {
        if (name.startsWith("uri:")) {
            return new GeneralName(GeneralName.uniformResourceIdentifier, name.substring(4));
        }
        if (name.startsWith("email:")) {
            return new GeneralName(GeneralName.rfc822Name, name.substring(6));
        }
        boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }
}
