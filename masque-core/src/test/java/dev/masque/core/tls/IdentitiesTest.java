package dev.masque.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.tls.IdentityException.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
    @TempDir
    Path dir;

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    private static X509Certificate certificate(KeyPair keys, String signature)
            throws GeneralSecurityException, OperatorCreationException {
        X500Name name = new X500Name("CN=test");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minus(1, ChronoUnit.DAYS)),
                                Date.from(now.plus(1, ChronoUnit.DAYS)),
                                name,
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate())));
    }

    private Path pem(String file, String label, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                dir.resolve(file), "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private Path certificatePem(X509Certificate certificate) throws Exception {
        return pem("cert.pem", "CERTIFICATE", certificate.getEncoded());
    }

    private static void fails(ThrowingCallable loading, Problem problem, String message) {
        assertThatThrownBy(loading)
                .isInstanceOfSatisfying(
                        IdentityException.class,
                        failure -> assertThat(failure.problem()).isEqualTo(problem))
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"RSA, SHA256withRSA", "EC, SHA256withECDSA", "Ed25519, Ed25519", "RSASSA-PSS, SHA256withRSA"})
    void keysOfEveryKindAreLoaded(String algorithm, String signature) throws Exception {
        KeyPair keys = keys(algorithm);
        KeyPair signer = algorithm.equals("RSASSA-PSS") ? keys("RSA") : keys;
        X509Certificate certificate =
                algorithm.equals("RSASSA-PSS") ? signedBy(keys, signer) : certificate(keys, signature);
        Path key = pem("key.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
        assertThat(Identities.fromPem(certificatePem(certificate), key).get().key())
                .isEqualTo(keys.getPrivate());
    }

    private static X509Certificate signedBy(KeyPair keys, KeyPair signer) throws Exception {
        X500Name name = new X500Name("CN=test");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name, BigInteger.ONE, Date.from(now), Date.from(now), name, keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withRSA").build(signer.getPrivate())));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    void aKeyThatIsNotPkcs8SaysHowToConvertIt(String label) throws Exception {
        Path cert = certificatePem(certificate(keys("EC"), "SHA256withECDSA"));
        Path key = pem("key.pem", label, new byte[] {1, 2, 3});
        fails(() -> Identities.fromPem(cert, key), Problem.KEY_FORMAT, "openssl pkcs8 -topk8 -nocrypt -in " + key);
    }

    @Test
    void anEncryptedKeySaysHowToDecryptIt() throws Exception {
        Path cert = certificatePem(certificate(keys("EC"), "SHA256withECDSA"));
        Path key = pem("key.pem", "ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3});
        fails(() -> Identities.fromPem(cert, key), Problem.PASSWORD, "openssl pkcs8 -in");
    }

    @Test
    void anOldEncryptedKeyWithHeadersIsTold() throws Exception {
        Path cert = certificatePem(certificate(keys("EC"), "SHA256withECDSA"));
        Path key = Files.writeString(
                dir.resolve("key.pem"),
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        fails(() -> Identities.fromPem(cert, key), Problem.KEY_FORMAT, "not PKCS#8");
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource({"EC, EC", "EC, RSA", "RSA, Ed25519"})
    void aKeyOfAnotherCertificateIsRefused(String certified, String other) throws Exception {
        String signature = certified.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        Path cert = certificatePem(certificate(keys(certified), signature));
        Path key = pem("key.pem", "PRIVATE KEY", keys(other).getPrivate().getEncoded());
        fails(() -> Identities.fromPem(cert, key), Problem.MISMATCH, "not that of the first certificate");
    }

    @Test
    void missingAndEmptyAndBrokenFilesAreTold() throws Exception {
        KeyPair keys = keys("EC");
        Path cert = certificatePem(certificate(keys, "SHA256withECDSA"));
        Path key = pem("key.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
        Path empty = Files.writeString(dir.resolve("empty.pem"), "nothing\n");
        fails(() -> Identities.fromPem(dir.resolve("no.pem"), key), Problem.UNREADABLE, "cannot read");
        fails(() -> Identities.fromPem(empty, key), Problem.CERTIFICATE, "no BEGIN CERTIFICATE");
        fails(() -> Identities.fromPem(cert, empty), Problem.KEY, "no BEGIN PRIVATE KEY");
        Path broken = pem("broken.pem", "PRIVATE KEY", new byte[] {1, 2, 3});
        fails(() -> Identities.fromPem(cert, broken), Problem.KEY, "broken");
        Path brokenCert = pem("brokencert.pem", "CERTIFICATE", new byte[] {1, 2, 3});
        fails(() -> Identities.fromPem(brokenCert, key), Problem.CERTIFICATE, "broken");
    }

    /** Later than the clock of a file system can tell apart. */
    private static void touched(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
    }

    @Test
    void reloadingTakesTheNewFilesAndKeepsTheOldOnesIfTheyAreBad() throws Exception {
        KeyPair first = keys("EC");
        Path cert = certificatePem(certificate(first, "SHA256withECDSA"));
        Path key = pem("key.pem", "PRIVATE KEY", first.getPrivate().getEncoded());
        ReloadableIdentity identity = Identities.fromPem(cert, key);

        KeyPair second = keys("EC");
        assertThat(identity.reload()).isFalse();
        touched(certificatePem(certificate(second, "SHA256withECDSA")));
        fails(identity::reload, Problem.MISMATCH, "not that of");
        assertThat(identity.get().key()).isEqualTo(first.getPrivate());
        assertThat(identity.reload()).as("not read again before it changes").isFalse();

        touched(pem("key.pem", "PRIVATE KEY", second.getPrivate().getEncoded()));
        assertThat(identity.reload()).isTrue();
        assertThat(identity.get().key()).isEqualTo(second.getPrivate());

        Files.delete(cert);
        fails(identity::reload, Problem.UNREADABLE, "cert");
        assertThat(identity.get().key()).isEqualTo(second.getPrivate());
    }

    @Test
    void keyStoresAreLoadedAndTheirPasswordChecked() throws Exception {
        KeyPair keys = keys("EC");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), "secret".toCharArray(), new Certificate[] {
            certificate(keys, "SHA256withECDSA")
        });
        Path file = dir.resolve("store.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "secret".toCharArray());
        }
        TlsIdentity identity =
                Identities.fromKeyStore(file, "secret".toCharArray()).get();
        assertThat(identity.key()).isEqualTo(keys.getPrivate());
        fails(() -> Identities.fromKeyStore(file, "wrong".toCharArray()), Problem.PASSWORD, "password");
    }
}
