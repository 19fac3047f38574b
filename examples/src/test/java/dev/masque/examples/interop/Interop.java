package dev.masque.examples.interop;

import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.ServerIdentity;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the interoperability tests have in common: certificates in files, and origins that the tunnels lead to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class Interop {
    @TempDir
    Path folder;

    TestPki pki;
    Origins origins;
    String authority;
    String certificate;
    String key;

    @SuppressWarnings("NullAway.Init") // prepare()
    Interop() {}

    @BeforeAll
    final void prepare() throws Exception {
        pki = TestPki.create();
        pki.writeTo(folder);
        authority = folder.resolve("ca.pem").toString();
        certificate = folder.resolve("cert.pem").toString();
        key = folder.resolve("key.pem").toString();
        origins = Origins.start(tls(pki.identity()));
    }

    @AfterAll
    final void cleanUp() throws Exception {
        origins.close();
    }

    private static SSLContext tls(ServerIdentity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("origin", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
