package dev.masque.kwik;

import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.function.Consumer;
import tech.kwik.agent15.TlsConstants.SignatureScheme;
import tech.kwik.agent15.engine.ServerMessageSender;
import tech.kwik.agent15.engine.TlsServerEngine;
import tech.kwik.agent15.engine.TlsServerEngineFactory;
import tech.kwik.agent15.engine.TlsSessionRegistry;
import tech.kwik.agent15.engine.TlsStatusEventHandler;
import tech.kwik.agent15.engine.impl.TlsSessionRegistryImpl;

/**
 * TLS for every new connection with the identity of the moment, where agent15 has one for ever; and without session tickets,
 * hence without early data, which kwik would accept for any request. Thread-safe.
 */
final class ServerTls extends TlsServerEngineFactory {
    private static final String ALIAS = "server";

    private final IdentitySelector identities;
    private final Consumer<Hello> watcher;
    private final TlsSessionRegistry noTickets = new TlsSessionRegistryImpl();

    private ServerTls(TlsIdentity first, KeyStore keys, IdentitySelector identities, Consumer<Hello> watcher)
            throws CertificateException {
        super(keys, ALIAS, new char[0], curve(first.chain().get(0).getPublicKey()));
        this.identities = identities;
        this.watcher = watcher;
        super.dispose();
        noTickets.shutdown(); // closed, it knows no tickets and issues none
    }

    /**
     * Checks that there is a usable identity now.
     *
     * @param identities asked for every connection
     * @param watcher told of every handshake that begins
     */
    static ServerTls create(IdentitySelector identities, Consumer<Hello> watcher) throws IOException {
        try {
            TlsIdentity first = identities.select(null);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(ALIAS, first.key(), new char[0], first.chain().toArray(new Certificate[0]));
            schemes(first);
            return new ServerTls(first, keys, identities, watcher);
        } catch (GeneralSecurityException e) {
            throw new IOException("the identity cannot be used for TLS over QUIC", e);
        }
    }

    @Override
    public TlsServerEngine createServerEngine(ServerMessageSender sender, TlsStatusEventHandler connection) {
        Hello hello = new Hello(connection);
        watcher.accept(hello);
        try {
            return NamedIdentity.create(identities, sender, hello, noTickets);
        } catch (CertificateException e) {
            throw new IllegalStateException("the identity cannot be used for TLS over QUIC", e);
        }
    }

    /** With what an identity can sign. */
    static List<SignatureScheme> schemes(TlsIdentity identity) throws CertificateException {
        PublicKey key = identity.chain().get(0).getPublicKey();
        if (key instanceof RSAPublicKey) {
            return List.of(
                    SignatureScheme.rsa_pss_rsae_sha256,
                    SignatureScheme.rsa_pss_rsae_sha384,
                    SignatureScheme.rsa_pss_rsae_sha512);
        }
        String curve = curve(key);
        if (curve == null) {
            throw new CertificateException("agent15 signs with RSA and the curves of NIST only");
        }
        return switch (curve) {
            case "secp256r1" -> List.of(SignatureScheme.ecdsa_secp256r1_sha256);
            case "secp384r1" -> List.of(SignatureScheme.ecdsa_secp384r1_sha384);
            default -> List.of(SignatureScheme.ecdsa_secp521r1_sha512);
        };
    }

    private static @org.jspecify.annotations.Nullable String curve(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return null;
        }
        return switch (ec.getParams().getOrder().bitLength()) {
            case 256 -> "secp256r1";
            case 384 -> "secp384r1";
            case 521 -> "secp521r1";
            default -> null;
        };
    }
}
