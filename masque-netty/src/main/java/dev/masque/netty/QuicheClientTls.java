package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.tls.TlsIdentity;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS towards proxies on quiche: a few contexts, one for each trust and identity, so that sessions are resumed. Thread-safe. */
final class QuicheClientTls {
    private static final int MAX_CONTEXTS = 16;

    private final Map<Key, QuicSslContext> contexts = new LinkedHashMap<>(8, 0.75f, true);

    private record Key(
            X509ExtendedTrustManager trust, @Nullable TlsIdentity identity) {}

    /** Why chains were not acceptable, which quiche does not tell. */
    private final Map<SSLEngine, CertificateException> refusals = Collections.synchronizedMap(new WeakHashMap<>());

    /** A caller's trust that remembers what it refuses. */
    private final class Remembering extends NameCheckingTrust {
        Remembering(X509ExtendedTrustManager trust) {
            super(trust);
        }

        @Override
        @Nullable String name(SSLEngine engine) {
            return engine.getSession().getPeerHost(); // that of the engine itself is null here
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            try {
                super.checkServerTrusted(chain, authType, engine);
            } catch (CertificateException e) {
                refusals.put(engine, e);
                throw ChainRefusal.of(e);
            }
        }
    }

    /** Why the chain of the peer was refused; null if it was not. */
    @Nullable CertificateException refusal(@Nullable SSLEngine engine) {
        return engine == null ? null : refusals.get(engine);
    }

    synchronized QuicSslEngine newEngine(QuicChannel channel, ConnectOptions options) {
        Key key = new Key(options.trust(), options.identity());
        QuicSslContext context = contexts.get(key);
        if (context == null) {
            context = newContext(key);
            contexts.put(key, context);
            if (contexts.size() > MAX_CONTEXTS) {
                ReferenceCountUtil.release(
                        contexts.remove(contexts.keySet().iterator().next()));
            }
        }
        String name = options.serverName();
        return context.newEngine(
                channel.alloc(),
                name.endsWith(".") ? name.substring(0, name.length() - 1) : name,
                options.address().getPort());
    }

    private QuicSslContext newContext(Key key) {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                .trustManager(new Remembering(key.trust))
                .applicationProtocols(HttpVersion.HTTP_3.alpn());
        if (key.identity != null) {
            builder.keyManager(key.identity.key(), null, key.identity.chain().toArray(new X509Certificate[0]));
        }
        return builder.build();
    }

    synchronized void release() {
        contexts.values().forEach(ReferenceCountUtil::release);
        contexts.clear();
    }
}
