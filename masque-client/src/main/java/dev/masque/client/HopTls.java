package dev.masque.client;

import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.TlsIdentity;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy is known, and the client to it: by certificates, or by raw public keys. Immutable.
 *
 * @param trust null for that of the JVM
 * @param identity a certificate, or null
 * @param rawProxy the proxy's keys, null if it is known by its certificate
 * @param rawKey a raw public key of the client's own, or null
 */
record HopTls(
        @Nullable PeerTrust trust,
        @Nullable Supplier<TlsIdentity> identity,
        @Nullable RawKeyPins rawProxy,
        @Nullable Supplier<RawKey> rawKey) {
    static final HopTls DEFAULT = new HopTls(null, null, null, null);

    HopTls trust(PeerTrust decides) {
        return new HopTls(decides, identity, rawProxy, rawKey);
    }

    HopTls identity(Supplier<TlsIdentity> current) {
        return new HopTls(trust, current, rawProxy, rawKey);
    }

    HopTls rawProxy(RawKeyPins pins) {
        return new HopTls(trust, identity, pins, rawKey);
    }

    HopTls rawKey(Supplier<RawKey> current) {
        return new HopTls(trust, identity, rawProxy, current);
    }

    boolean isRaw() {
        return rawProxy != null;
    }

    /** Refuses what does not go together. */
    void check() {
        if (rawKey != null && rawProxy == null) {
            throw new IllegalStateException("rawKey: shown only to a proxy that is known by one; trustRawKeys: which?");
        }
        if (rawProxy != null && (trust != null || identity != null)) {
            throw new IllegalStateException("trustRawKeys excludes trust and identity, which are about certificates");
        }
    }

    X509ExtendedTrustManager manager() {
        return (trust == null ? PeerTrust.system() : trust).manager();
    }

    /** Asked for each connection. */
    @Nullable Supplier<RawKeyClient> rawKeys() {
        RawKeyPins pins = rawProxy;
        Supplier<RawKey> own = rawKey;
        return pins == null ? null : () -> new RawKeyClient(pins, own == null ? null : own.get());
    }
}
