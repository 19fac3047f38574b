package dev.masque.kwik;

import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tech.kwik.agent15.ProtectionKeysType;
import tech.kwik.agent15.TlsConstants.SignatureScheme;
import tech.kwik.agent15.TlsProtocolException;
import tech.kwik.agent15.alert.InternalErrorAlert;
import tech.kwik.agent15.engine.ServerMessageSender;
import tech.kwik.agent15.engine.TlsSessionRegistry;
import tech.kwik.agent15.engine.TlsStatusEventHandler;
import tech.kwik.agent15.engine.impl.TlsServerEngineImpl;
import tech.kwik.agent15.extension.Extension;
import tech.kwik.agent15.extension.ServerNameExtension;
import tech.kwik.agent15.handshake.ClientHello;

/**
 * Shows the identity of the name that the client asks for, where agent15 knows one for all. For the thread of a handshake.
 */
final class NamedIdentity extends TlsServerEngineImpl {
    private final IdentitySelector identities;
    private final List<SignatureScheme> schemes;

    private NamedIdentity(
            TlsIdentity unnamed,
            List<SignatureScheme> schemes,
            IdentitySelector identities,
            ServerMessageSender sender,
            TlsStatusEventHandler handler,
            TlsSessionRegistry sessions) {
        super(unnamed.chain(), unnamed.key(), schemes, sender, handler, sessions);
        this.identities = identities;
        this.schemes = schemes;
    }

    static NamedIdentity create(
            IdentitySelector identities,
            ServerMessageSender sender,
            TlsStatusEventHandler handler,
            TlsSessionRegistry sessions)
            throws CertificateException {
        TlsIdentity unnamed = identities.select(null);
        List<SignatureScheme> schemes = new ArrayList<>(ServerTls.schemes(unnamed));
        return new NamedIdentity(unnamed, schemes, identities, sender, handler, sessions);
    }

    @Override
    public void received(ClientHello hello, ProtectionKeysType keys) throws TlsProtocolException, IOException {
        for (Extension extension : hello.getExtensions()) {
            if (extension instanceof ServerNameExtension name && name.getHostName() != null) {
                show(identities.select(name.getHostName().toLowerCase(Locale.ROOT)));
            }
        }
        super.received(hello, keys);
    }

    private void show(TlsIdentity identity) throws TlsProtocolException {
        try {
            List<SignatureScheme> chosen = ServerTls.schemes(identity);
            schemes.clear();
            schemes.addAll(chosen);
        } catch (CertificateException e) {
            throw new InternalErrorAlert("the identity cannot be used for TLS over QUIC");
        }
        Kwik.identity(this, identity);
    }
}
