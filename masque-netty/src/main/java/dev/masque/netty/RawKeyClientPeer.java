package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.util.Integers;
import org.jspecify.annotations.Nullable;

/** What a client that knows its proxy by a raw public key says in one handshake. Of one event loop. */
@SuppressWarnings("JdkObsolete") // collections that the superclass speaks in
final class RawKeyClientPeer extends AbstractTlsClient implements TlsAuthentication {
    private static final int MAX_MESSAGE = 16 << 10;
    private static final int MORE_THAN_ONE = 2;

    private final RawKeyClient keys;
    private final String serverName;
    private final List<HttpVersion> versions;
    private final RawKeyAgreed agreed = new RawKeyAgreed();

    RawKeyClientPeer(RawKeyClient keys, String serverName, List<HttpVersion> versions) {
        super(RawKeyCrypto.INSTANCE);
        this.keys = keys;
        this.serverName = serverName.endsWith(".") ? serverName.substring(0, serverName.length() - 1) : serverName;
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
    @SuppressWarnings("rawtypes") // given by the superclass
    protected Vector<Integer> getSupportedGroups(Vector roles) {
        Vector<Integer> groups = new Vector<>();
        for (int group : RawKeyCrypto.GROUPS) {
            groups.add(Integers.valueOf(group));
        }
        return groups;
    }

    @Override
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return RawKeyCrypto.schemes();
    }

    @Override
    protected @Nullable Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithmsCert() {
        return null;
    }

    @Override
    protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
        return null;
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return RawKeyCrypto.names(versions.stream().map(HttpVersion::alpn).toList());
    }

    @Override
    protected @Nullable Vector<ServerName> getSNIServerNames() {
        if (CertificateName.isAddress(serverName)) {
            return null;
        }
        Vector<ServerName> names = new Vector<>();
        names.add(new ServerName(NameType.host_name, serverName.getBytes(StandardCharsets.US_ASCII)));
        return names;
    }

    @Override
    protected short[] getAllowedServerCertificateTypes() {
        return RawKeyCrypto.RAW.clone();
    }

    @Override
    protected short @Nullable [] getAllowedClientCertificateTypes() {
        return keys.identity() == null ? null : RawKeyCrypto.RAW.clone();
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MAX_MESSAGE;
    }

    @Override
    public int getMaxCertificateChainLength() {
        return MORE_THAN_ONE; // which is refused for that
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return this;
    }

    @Override
    public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
        agreed.check(certificate.getCertificate(), keys.proxy());
    }

    @Override
    public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        RawKey identity = keys.identity();
        if (identity == null
                || context.getSecurityParametersHandshake().getClientCertificateType()
                        != CertificateType.RawPublicKey) {
            return null;
        }
        return RawKeyCrypto.INSTANCE.signer(
                context, identity, request.getSupportedSignatureAlgorithms(), request.getCertificateRequestContext());
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        agreed.established(context.getSecurityParametersConnection(), true);
    }
}
