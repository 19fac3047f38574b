package dev.masque.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/** Makes engines for connections with raw public keys. Thread-safe. */
final class RawKeyContext extends SslContext {
    private final boolean client;
    private final Supplier<? extends SSLEngine> engines;

    RawKeyContext(boolean client, Supplier<? extends SSLEngine> engines) {
        this.client = client;
        this.engines = engines;
    }

    @Override
    public boolean isClient() {
        return client;
    }

    @Override
    public List<String> cipherSuites() {
        return RawKeySession.CIPHER_SUITES;
    }

    @Override
    @SuppressWarnings("deprecation") // demanded by the superclass
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return List::of;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return engines.get();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return engines.get();
    }

    @Override
    public SSLSessionContext sessionContext() {
        throw new UnsupportedOperationException("no sessions are resumed");
    }
}
