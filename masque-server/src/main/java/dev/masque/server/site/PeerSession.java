package dev.masque.server.site;

import dev.masque.core.spi.SessionInfo;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a connection as handlers see it: the client and its certificates, which the handshake has checked. Of the
 * cryptography a transport tells the protocol alone. Thread-safe.
 */
final class PeerSession implements SSLSession {
    private static final int RECORD = 1 << 14; // RFC 8446, 5.1
    private static final int RECORD_HEADER = 5;
    private static final int RECORD_EXPANSION = 256; // RFC 8446, 5.2

    private final SessionInfo info;
    private final long seen = System.currentTimeMillis();
    private final Map<String, Object> values = new ConcurrentHashMap<>();

    PeerSession(SessionInfo info) {
        this.info = info;
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        return chain().toArray(Certificate[]::new);
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        return chain().get(0).getSubjectX500Principal();
    }

    private List<X509Certificate> chain() throws SSLPeerUnverifiedException {
        if (info.peerCertificates().isEmpty()) {
            throw new SSLPeerUnverifiedException("the client showed no certificate");
        }
        return info.peerCertificates();
    }

    /** {@code NONE} without TLS, as the JDK says it. */
    @Override
    public String getProtocol() {
        return Objects.requireNonNullElse(info.tlsProtocol(), "NONE");
    }

    /** A name of no suite: transports do not tell it. */
    @Override
    public String getCipherSuite() {
        return info.tlsProtocol() == null ? "SSL_NULL_WITH_NULL_NULL" : "UNKNOWN";
    }

    @Override
    public String getPeerHost() {
        return info.remoteAddress().getHostString();
    }

    @Override
    public int getPeerPort() {
        return info.remoteAddress().getPort();
    }

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    @SuppressWarnings("NullAway") // the JDK's signature knows no absence
    public @Nullable SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return seen;
    }

    @Override
    public long getLastAccessedTime() {
        return seen;
    }

    @Override
    public void invalidate() {
        // nothing resumes it from here
    }

    @Override
    public boolean isValid() {
        return false;
    }

    @Override
    @SuppressWarnings("NullAway")
    public Certificate @Nullable [] getLocalCertificates() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public int getPacketBufferSize() {
        return RECORD_HEADER + RECORD + RECORD_EXPANSION;
    }

    @Override
    public int getApplicationBufferSize() {
        return RECORD;
    }

    @Override
    public void putValue(String name, Object value) {
        values.put(name, value);
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable Object getValue(String name) {
        return values.get(name);
    }

    @Override
    public void removeValue(String name) {
        values.remove(name);
    }

    @Override
    public String[] getValueNames() {
        return values.keySet().toArray(String[]::new);
    }

    /** Without the client. */
    @Override
    public String toString() {
        return "PeerSession[" + getProtocol() + "]";
    }
}
