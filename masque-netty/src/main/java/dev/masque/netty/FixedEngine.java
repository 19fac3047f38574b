package dev.masque.netty;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** An engine whose settings were made before. Of one thread at a time. */
abstract class FixedEngine extends SSLEngine {
    private final boolean client;

    FixedEngine(boolean client) {
        this.client = client;
    }

    @Override
    public final @Nullable Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public final String[] getSupportedCipherSuites() {
        return RawKeySession.CIPHER_SUITES.toArray(new String[0]);
    }

    @Override
    public final String[] getEnabledCipherSuites() {
        return getSupportedCipherSuites();
    }

    @Override
    public final void setEnabledCipherSuites(String[] suites) {
        throw fixed();
    }

    @Override
    public final String[] getSupportedProtocols() {
        return new String[] {RawKeySession.PROTOCOL};
    }

    @Override
    public final String[] getEnabledProtocols() {
        return getSupportedProtocols();
    }

    @Override
    public final void setEnabledProtocols(String[] protocols) {
        throw fixed();
    }

    @Override
    public final boolean getUseClientMode() {
        return client;
    }

    @Override
    public final void setUseClientMode(boolean mode) {
        if (mode != client) {
            throw fixed();
        }
    }

    @Override
    public final boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public final void setNeedClientAuth(boolean need) {
        throw fixed();
    }

    @Override
    public final boolean getWantClientAuth() {
        return false;
    }

    @Override
    public final void setWantClientAuth(boolean want) {
        throw fixed();
    }

    @Override
    public final boolean getEnableSessionCreation() {
        return true;
    }

    @Override
    public final void setEnableSessionCreation(boolean create) {
        throw fixed();
    }

    private static UnsupportedOperationException fixed() {
        return new UnsupportedOperationException("what the engine does is settled");
    }
}
