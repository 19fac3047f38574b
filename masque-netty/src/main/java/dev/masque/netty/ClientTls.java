package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.TlsIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards proxies: a few contexts, one for each trust, identity and list of versions, so that sessions are resumed. Remembers
 * which proxies speak HTTP/1.1 though more was offered, because TLS is another for it, see {@link TlsContexts}. Thread-safe.
 */
final class ClientTls {
    private static final int MAX_CONTEXTS = 16;

    private static final int MAX_REMEMBERED = 256;
    private static final List<HttpVersion> ONLY_HTTP_1 = List.of(HttpVersion.HTTP_1_1);

    private final Map<Key, SslContext> contexts = new LinkedHashMap<>(8, 0.75f, true);
    private final Map<InetSocketAddress, Boolean> http1 = new LinkedHashMap<>(8, 0.75f, true);

    private record Key(
            X509ExtendedTrustManager trust, @Nullable TlsIdentity identity, List<HttpVersion> versions) {}

    SslHandler newHandler(ByteBufAllocator allocator, ConnectOptions options) throws SSLException {
        RawKeyClient keys = options.rawKeys();
        return keys == null
                ? withCertificates(allocator, options)
                : RawKeyTls.client(keys, options).newHandler(allocator);
    }

    private synchronized SslHandler withCertificates(ByteBufAllocator allocator, ConnectOptions options)
            throws SSLException {
        List<HttpVersion> versions = http1.containsKey(options.address()) ? ONLY_HTTP_1 : options.versions();
        Key key = new Key(options.trust(), options.identity(), versions);
        SslContext context = contexts.get(key);
        if (context == null) {
            context = TlsContexts.client(options.trust(), options.identity(), versions);
            contexts.put(key, context);
            if (contexts.size() > MAX_CONTEXTS) {
                ReferenceCountUtil.release(
                        contexts.remove(contexts.keySet().iterator().next()));
            }
        }
        String name = options.serverName();
        SslHandler handler =
                context.newHandler(allocator, name, options.address().getPort());
        if (!NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name)) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(
                    List.of(new SNIHostName(name.endsWith(".") ? name.substring(0, name.length() - 1) : name)));
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    /** Whether the connection is to be made anew, with TLS that suits what the proxy speaks. Then it will be. */
    synchronized boolean isUnsuitable(ConnectOptions options, SSLEngine engine, HttpVersion spoken) {
        if (spoken != HttpVersion.HTTP_1_1 || !TlsContexts.closesBothWays(engine)) {
            return false;
        }
        http1.put(options.address(), true);
        if (http1.size() > MAX_REMEMBERED) {
            http1.remove(http1.keySet().iterator().next());
        }
        return true;
    }

    synchronized void release() {
        contexts.values().forEach(ReferenceCountUtil::release);
        contexts.clear();
    }
}
