package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's client, without redirects and cookies. */
final class JdkClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private JdkClient() {}

    /** One that trusts the authorities of a file; those of the JVM without one. */
    static HttpClient trusting(@Nullable Path authority) throws IOException {
        return trusting(authority == null ? PeerTrust.system() : PeerTrust.pem(authority));
    }

    private static HttpClient trusting(PeerTrust trust) {
        return trusting(trust, HttpVersion.HTTP_2);
    }

    /** One that speaks a version, or at most the one. */
    static HttpClient trusting(PeerTrust trust, HttpVersion version) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {trust.manager()}, null);
            return HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .sslContext(tls)
                    .version(version == HttpVersion.HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }
}
