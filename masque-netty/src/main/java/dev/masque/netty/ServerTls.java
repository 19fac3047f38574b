package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ServerIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS for a port: asks for the identity with every connection, makes a context when it is a new one. Thread-safe. */
final class ServerTls {
    private final Supplier<ServerIdentity> identities;
    private final List<HttpVersion> versions;

    @Nullable private ServerIdentity current;

    @Nullable private SslContext context;

    ServerTls(Supplier<ServerIdentity> identities, List<HttpVersion> versions) {
        this.identities = identities;
        this.versions = versions;
    }

    synchronized SslHandler newHandler(ByteBufAllocator allocator) throws SSLException {
        ServerIdentity identity = identities.get();
        SslContext use = context;
        if (use == null || !Objects.equals(identity, current)) {
            SslContext fresh = TlsContexts.server(identity, versions);
            release();
            context = fresh;
            use = fresh;
        }
        current = identity;
        return use.newHandler(allocator);
    }

    /** Gives up the context; connections that use it keep it. */
    synchronized void release() {
        if (context != null) {
            ReferenceCountUtil.release(context);
            context = null;
        }
    }
}
