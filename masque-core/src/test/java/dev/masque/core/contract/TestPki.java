package dev.masque.core.contract;

import dev.masque.core.spi.ServerIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests, and what it issues. Thread-safe. */
public final class TestPki {
    private static final AtomicLong SERIAL = new AtomicLong(System.currentTimeMillis());
    private static final String[] LOCAL = {"localhost", "proxy.example", "127.0.0.1", "::1"};
    private static final X500Name NAME = new X500Name("CN=masque test authority");

    private final KeyPair keys = newKeys();
    private final X509Certificate authority = sign(keys, NAME, keys, true);
    private final ServerIdentity identity = issue();

    /**
     * The identity for localhost that is always the same.
     *
     * @return a certificate for {@code localhost}, 127.0.0.1 and ::1, and its key
     */
    public ServerIdentity identity() {
        return identity;
    }

    /**
     * Issues a certificate with a key of its own.
     *
     * @param names the names and addresses that it is for; none means localhost
     * @return the certificate with that of the authority, and the key
     */
    public ServerIdentity issue(String... names) {
        KeyPair own = newKeys();
        X500Name subject = new X500Name("CN=masque test");
        X509Certificate leaf = sign(own, subject, keys, false, names.length == 0 ? LOCAL : names);
        return new ServerIdentity(own.getPrivate(), List.of(leaf, authority));
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
            KeyPair subject, X500Name name, KeyPair issuer, boolean authority, String... names) {
        Instant now = Instant.now();
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    NAME,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(now.minus(1, ChronoUnit.HOURS)),
                    Date.from(now.plus(1, ChronoUnit.DAYS)),
                    name,
                    subject.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
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
        boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }
}
