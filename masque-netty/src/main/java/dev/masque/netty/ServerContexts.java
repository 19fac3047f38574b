package dev.masque.netty;

import dev.masque.core.tls.TlsIdentity;
import io.netty.util.ReferenceCountUtil;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The TLS contexts of a port, one for each identity that it shows, the ones used last. Thread-safe. */
final class ServerContexts<C> {
    private static final int MOST = 64;

    private final Making<C> making;
    private final Map<TlsIdentity, C> contexts = new LinkedHashMap<>(8, 0.75f, true);
    private boolean released;

    @Nullable private TlsIdentity last;

    @Nullable private C lastContext;

    /** Makes a context. */
    interface Making<C> {
        C make(TlsIdentity identity) throws Exception;
    }

    ServerContexts(Making<C> making) {
        this.making = making;
    }

    /** The context of an identity, which is this object's. */
    synchronized C of(TlsIdentity identity) {
        C known = lastContext;
        if (known != null && identity.equals(last)) {
            return known;
        }
        C context = contexts.get(identity);
        if (context == null) {
            context = make(identity);
            contexts.put(identity, context);
            if (contexts.size() > MOST) {
                ReferenceCountUtil.release(
                        contexts.remove(contexts.keySet().iterator().next()));
            }
        }
        last = identity;
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
