package dev.masque.examples.interop;

import dev.masque.core.tls.TlsIdentity;
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
    Path folder;
    TestAuthority authority;
    Origins origins;

    @SuppressWarnings("NullAway.Init") // prepare()
    Interop() {}

    @BeforeAll
    final void prepare(@TempDir Path shared) throws Exception {
        folder = shared;
        authority = TestAuthority.create(folder);
        origins = Origins.start(tls(authority.identity()));
    }

    @AfterAll
    final void cleanUp() throws Exception {
        if (origins != null) {
            origins.close();
        }
    }

    private static SSLContext tls(TlsIdentity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "origin", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
