package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.RawKeyServer;
import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** What a server with a raw public key says in one handshake. Of one event loop. */
@SuppressWarnings("JdkObsolete") // collections that the superclass speaks in
final class RawKeyServerPeer extends AbstractTlsServer {
    private static final int MAX_MESSAGE = 16 << 10;
    private static final int MORE_THAN_ONE = 2;

    private final RawKeyServer keys;
    private final List<HttpVersion> versions;
    private final RawKeyAgreed agreed = new RawKeyAgreed();

    @Nullable private TlsCredentials credentials;

    /** Whether the client will show a raw public key if it is asked for one. */
    private boolean clientHasRaw;

    RawKeyServerPeer(RawKeyServer keys, List<HttpVersion> versions) {
        super(RawKeyCrypto.INSTANCE);
        this.keys = keys;
        this.versions = versions;
    }

    RawKeyAgreed agreed() {
        return agreed;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return RawKeyCrypto.SUITES.clone();
    }

    @Override
    public int[] getSupportedGroups() {
        return RawKeyCrypto.GROUPS.clone();
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return RawKeyCrypto.names(versions.stream().map(HttpVersion::alpn).toList());
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MAX_MESSAGE;
    }

    @Override
    public int getMaxCertificateChainLength() {
        return MORE_THAN_ONE; // which is refused for that
    }

    /** A client that does not ask for a raw public key would take ours for a broken certificate. RFC 7250, 4.2. */
    @Override
    @SuppressWarnings("rawtypes")
    public void processClientExtensions(@Nullable Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        if (!offersRaw(TlsExtensionsUtils.getServerCertificateTypeExtensionClient(extensions))) {
            throw new TlsFatalAlert(AlertDescription.unsupported_certificate);
        }
        clientHasRaw = offersRaw(TlsExtensionsUtils.getClientCertificateTypeExtensionClient(extensions));
        if (keys.required() && !clientHasRaw) {
            throw new TlsFatalAlert(AlertDescription.unsupported_certificate);
        }
    }

    private static boolean offersRaw(short @Nullable [] types) {
        for (short type : types == null ? new short[0] : types) {
            if (type == CertificateType.RawPublicKey) {
                return true;
            }
        }
        return false;
    }

    private boolean asks() {
        return keys.clients() != null && clientHasRaw;
    }

    @Override
    protected short @Nullable [] getAllowedClientCertificateTypes() {
        return asks() ? RawKeyCrypto.RAW.clone() : null;
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        TlsCredentials made = credentials;
        if (made == null) {
            made = RawKeyCrypto.INSTANCE.signer(
                    context,
                    keys.identity().get(),
                    context.getSecurityParametersHandshake().getClientSigAlgs(),
                    TlsUtils.EMPTY_BYTES);
            credentials = made;
        }
        return made;
    }

    @Override
    public @Nullable CertificateRequest getCertificateRequest() throws IOException {
        return asks() ? new CertificateRequest(TlsUtils.EMPTY_BYTES, RawKeyCrypto.schemes(), null, null) : null;
    }

    @Override
    public void notifyClientCertificate(Certificate certificate) throws IOException {
        RawKeyPins trusted = keys.clients();
        if (certificate.isEmpty() && keys.required()) {
            throw new TlsFatalAlert(AlertDescription.certificate_required);
        }
        if (!certificate.isEmpty() && trusted != null) {
            agreed.check(certificate, trusted);
        }
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        agreed.established(context.getSecurityParametersConnection(), keys.required());
    }
}
