package dev.masque.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificate that all proxies of a run show, and who trusts it. Immutable.
 *
 * @param certificate the chain, PEM
 * @param key the private key, PEM
 * @param trust accepts the certificate and no other
 */
record Identity(Path certificate, Path key, X509ExtendedTrustManager trust) {
    private static final String PASSWORD = "benchmark";

    /** Makes a certificate for localhost with the JDK's keytool. */
    static Identity create(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve("identity.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "proxy",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-sigalg",
                        "SHA256withECDSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate("proxy").getEncoded()));
        Files.writeString(
                key,
                pem("PRIVATE KEY", store.getKey("proxy", PASSWORD.toCharArray()).getEncoded()));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("proxy", store.getCertificate("proxy"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        for (TrustManager manager : List.of(factory.getTrustManagers())) {
            if (manager instanceof X509ExtendedTrustManager trust) {
                return new Identity(certificate, key, trust);
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
