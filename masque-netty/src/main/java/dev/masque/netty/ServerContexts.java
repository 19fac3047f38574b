package dev.masque.netty;

import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.TlsIdentity;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of a port, one for each identity that it shows and each list of authorities that it names to clients, the ones
 * used last. Thread-safe.
 */
final class ServerContexts<C> {
    private static final int MOST = 64;

    private final Making<C> making;

    @Nullable private final ClientAuthentication clients;

    private final Map<Shown, C> contexts = new LinkedHashMap<>(8, 0.75f, true);
    private boolean released;

    @Nullable private Shown last;

    @Nullable private C lastContext;

    /** Makes a context. */
    interface Making<C> {
        C make(TlsIdentity identity) throws Exception;
    }

    /** What a handshake shows, and a context keeps. */
    private record Shown(TlsIdentity identity, List<X509Certificate> issuers) {}

    ServerContexts(Making<C> making, @Nullable ClientAuthentication clients) {
        this.making = making;
        this.clients = clients;
    }

    /** The context of an identity, which is this object's. */
    synchronized C of(TlsIdentity identity) {
        Shown shown = new Shown(
                identity,
                clients == null ? List.of() : List.of(clients.trust().manager().getAcceptedIssuers()));
        C known = lastContext;
        if (known != null && shown.equals(last)) {
            return known;
        }
        C context = contexts.get(shown);
        if (context == null) {
            context = make(identity);
            contexts.put(shown, context);
            if (contexts.size() > MOST) {
                ReferenceCountUtil.release(
                        contexts.remove(contexts.keySet().iterator().next()));
            }
        }
        last = shown;
        lastContext = context;
        return context;
    }

    private C make(TlsIdentity identity) {
        if (released) {
            throw new IllegalStateException("the port is closed");
        }
        try {
            return making.make(identity);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the identity cannot be used for TLS", e);
        }
    }

    /** Gives up the contexts; connections that use one keep it. */
    synchronized void release() {
        released = true;
        lastContext = null;
        contexts.values().forEach(ReferenceCountUtil::release);
        contexts.clear();
    }
}
