package dev.masque.cli;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses of servers that commands send ordinary requests to, and what issuers are called. */
final class Https implements ITypeConverter<URI> {
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

    /** What an issuer at an address is called in challenges: host, and port if it is not the usual one. RFC 9577, 2.1. */
    static String authority(URI uri) {
        return uri.getPort() < 0 || uri.getPort() == 443 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
}
