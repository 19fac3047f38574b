package dev.masque.netty;

import java.security.Principal;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** The view of a connection with raw public keys that JSSE has a word for: sizes of records, and no certificates. Immutable. */
final class RawKeySession implements SSLSession {
    static final String PROTOCOL = "TLSv1.3";
    static final List<String> CIPHER_SUITES = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");

    /** RFC 8446, 5.1 and 5.2: a fragment, what encryption may add, a header; and before it a KeyUpdate. */
    static final int RECORD = (16 << 10) + 256 + 5 + 64;

    static final int FRAGMENT = 16 << 10;

    private final long created = System.currentTimeMillis();

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    public @Nullable SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return created;
    }

    @Override
    public long getLastAccessedTime() {
        return created;
    }

    @Override
    public void invalidate() {}

    @Override
    public boolean isValid() {
        return false; // cannot be resumed
    }

    @Override
    public void putValue(String name, Object value) {
        throw new UnsupportedOperationException("no values");
    }

    @Override
    public @Nullable Object getValue(String name) {
        return null;
    }

    @Override
    public void removeValue(String name) {}

    @Override
    public String[] getValueNames() {
        return new String[0];
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("a raw public key is no certificate");
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        return null;
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("a raw public key has no name");
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public String getCipherSuite() {
        return CIPHER_SUITES.get(0);
    }

    @Override
    public String getProtocol() {
        return PROTOCOL;
    }

    @Override
    public @Nullable String getPeerHost() {
        return null;
    }

    @Override
    public int getPeerPort() {
        return -1;
    }

    @Override
    public int getPacketBufferSize() {
        return RECORD;
    }

    @Override
    public int getApplicationBufferSize() {
        return FRAGMENT;
    }
}
