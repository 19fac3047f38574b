package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's client, without redirects and cookies. */
final class JdkClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private JdkClient() {}

    /** One that trusts the authorities of a file; those of the JVM without one. */
    static HttpClient trusting(@Nullable Path authority) throws IOException {
        return trusting(trust(authority), HttpVersion.HTTP_2);
    }

    /** One that shows a certificate to servers that ask for one. */
    static HttpClient trusting(@Nullable Path authority, TlsIdentity identity) throws IOException {
        return client(trust(authority), HttpVersion.HTTP_2, identity);
    }

    /** One that speaks a version, or at most the one. */
    static HttpClient trusting(PeerTrust trust, HttpVersion version) {
        return client(trust, version, null);
    }

    private static PeerTrust trust(@Nullable Path authority) throws IOException {
        return authority == null ? PeerTrust.system() : PeerTrust.pem(authority);
    }

    private static HttpClient client(PeerTrust trust, HttpVersion version, @Nullable TlsIdentity identity) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(identity == null ? null : keys(identity), new TrustManager[] {trust.manager()}, null);
            return HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .sslContext(tls)
                    .version(version == HttpVersion.HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static KeyManager[] keys(TlsIdentity identity) throws GeneralSecurityException {
        char[] none = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("client", identity.key(), none, identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            return keys.getKeyManagers();
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read", e);
        }
    }
}
