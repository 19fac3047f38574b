package dev.masque.client.pool;

import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a proxy is, and how it is asked for UDP tunnels. Immutable.
 *
 * @param address its name or address, and its port
 * @param authority what stands in {@code :authority} of a request to the proxy itself
 * @param template the template of UDP tunnels
 */
public record ProxyEndpoint(Target address, String authority, UdpTemplate template) {
    private static final int HTTPS = 443;

    /**
     * Reads what a user configures.
     *
     * @param text {@code https://host[:port]}, or a URI template of RFC 9298
     * @return the endpoint
     * @throws IllegalArgumentException if it is neither
     */
    public static ProxyEndpoint parse(String text) {
        if (text.indexOf('{') >= 0) {
            UdpTemplate template = UdpTemplate.parse(text);
            URI origin = template.origin()
                    .orElseThrow(() -> new IllegalArgumentException("template lacks its https://host: " + text));
            return of(origin, template);
        }
        URI uri = uri(text);
        String path = uri.getRawPath();
        boolean bare = (path == null || path.isEmpty() || path.equals("/")) && uri.getRawQuery() == null;
        if (!"https".equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null
                || !bare) {
            throw new IllegalArgumentException(
                    "proxy is neither https://host[:port] nor a template with {target_host} and {target_port}");
        }
        return of(uri, UdpTemplate.DEFAULT);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("proxy is no URI", e);
        }
    }

    private static ProxyEndpoint of(URI origin, UdpTemplate template) {
        int port = origin.getPort() < 0 ? HTTPS : origin.getPort();
        Target address = Target.of(origin.getHost(), port);
        String withPort = address.authority();
        String authority = port == HTTPS ? withPort.substring(0, withPort.lastIndexOf(':')) : withPort;
        return new ProxyEndpoint(address, authority, template);
    }
}
