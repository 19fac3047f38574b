package dev.masque.netty;

import java.io.IOException;
import java.net.Socket;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerProtocol;

/** A server that shows what it likes. Blocks. */
@SuppressWarnings("JdkObsolete") // collections of the library
final class ForgingServer extends AbstractTlsServer {
    private final ForgedKey key;

    private ForgingServer(ForgedKey key) {
        super(RawKeyCrypto.INSTANCE);
        this.key = key;
    }

    static void accept(Socket socket, ForgedKey key) throws IOException {
        new TlsServerProtocol(socket.getInputStream(), socket.getOutputStream()).accept(new ForgingServer(key));
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
    protected Vector<ProtocolName> getProtocolNames() {
        Vector<ProtocolName> names = new Vector<>();
        names.add(ProtocolName.HTTP_2_TLS);
        return names;
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        return key.credentials(context);
    }
}
