package dev.masque.examples.interop;

import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for a day, and a certificate of it for localhost, in files that every peer reads.
 *
 * @param authority the file with the authority's certificate
 * @param certificate the file with the server's certificate
 * @param key the file with the server's key
 * @param identity the server's certificate and key
 */
public record TestAuthority(String authority, String certificate, String key, TlsIdentity identity) {
    public static TestAuthority create(Path folder)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair ours = generator.generateKeyPair();
        KeyPair servers = generator.generateKeyPair();
        X500Name name = new X500Name("CN=interoperability tests in " + folder.getFileName());
        GeneralNames hosts = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "::1")
        });
        X509Certificate authority = sign(
                builder(name, 1, name, ours).addExtension(Extension.basicConstraints, true, new BasicConstraints(0)),
                ours);
        X509Certificate certificate = sign(
                builder(name, 2, new X500Name("CN=localhost"), servers)
                        .addExtension(Extension.subjectAlternativeName, false, hosts),
                ours);
        return new TestAuthority(
                write(folder.resolve("ca.pem"), "CERTIFICATE", authority.getEncoded()),
                write(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded()),
                write(folder.resolve("key.pem"), "PRIVATE KEY", encoded(servers.getPrivate())),
                new TlsIdentity(servers.getPrivate(), List.of(certificate)));
    }

    /** TLS of the JDK that trusts this authority alone. */
    SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(authority))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, int serial, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(serial),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair keys)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static byte[] encoded(Key key) {
        return key.getEncoded();
    }

    private static String write(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
        return file.toString();
    }
}
