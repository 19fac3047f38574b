package dev.masque.cli;

import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of one's own and a server certificate of it, for trying things out. Immutable.
 *
 * @param authority the certificate that clients trust
 * @param identity the server's chain and key
 */
record SelfSigned(X509Certificate authority, TlsIdentity identity) {
    private static final Duration LIFETIME = Duration.ofDays(397);

    /** A pair for these names and addresses, and for localhost in each of its forms. */
    static SelfSigned create(List<String> hosts) throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair authorityKeys = generator.generateKeyPair();
        KeyPair serverKeys = generator.generateKeyPair();
        X500Name issuer = new X500Name("CN=masque self-signed authority");
        try {
            X509Certificate authority = sign(
                    builder(issuer, issuer, authorityKeys)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)),
                    authorityKeys.getPrivate());
            X509Certificate server = sign(
                    builder(issuer, new X500Name("CN=masque proxy"), serverKeys)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(Extension.subjectAlternativeName, false, names(hosts)),
                    authorityKeys.getPrivate());
            return new SelfSigned(authority, new TlsIdentity(serverKeys.getPrivate(), List.of(server, authority)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Writes {@code ca.pem}, {@code cert.pem} and {@code key.pem}, the key for its owner only. */
    void write(Path directory) throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("ca.pem"), pem("CERTIFICATE", authority.getEncoded()));
        Files.writeString(
                directory.resolve("cert.pem"),
                pem("CERTIFICATE", identity.chain().get(0).getEncoded()) + pem("CERTIFICATE", authority.getEncoded()));
        Path key = directory.resolve("key.pem");
        Files.deleteIfExists(key);
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(key, pem("PRIVATE KEY", identity.key().getEncoded()));
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, new SecureRandom()).setBit(126),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(LIFETIME)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static GeneralNames names(List<String> hosts) throws CertIOException {
        Set<String> all = new LinkedHashSet<>(hosts);
        all.addAll(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
        List<GeneralName> names = new ArrayList<>();
        for (String host : all) {
            boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** What a client may call a server that listens here. */
    static List<String> hostsOf(InetAddress address) {
        return address.isAnyLocalAddress() ? List.of() : List.of(address.getHostAddress());
    }
}
