package dev.masque.cli;

import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ordinary requests of the commands: addresses of servers, and a client that trusts an authority. */
final class Https implements ITypeConverter<URI> {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    @Override
    public URI convert(String text) {
        try {
            URI uri = URI.create(text);
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is no https://HOST[:PORT]");
    }

    /** Follows no redirects. */
    static HttpClient client(@Nullable Path authority) throws IOException, GeneralSecurityException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        if (authority != null) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {PeerTrust.pem(authority).manager()}, null);
            builder.sslContext(context);
        }
        return builder.build();
    }

    /** What an issuer at an address is called in challenges: host, and port if it is not the usual one. RFC 9577, 2.1. */
    static String authority(URI uri) {
        return uri.getPort() < 0 || uri.getPort() == 443 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
}
