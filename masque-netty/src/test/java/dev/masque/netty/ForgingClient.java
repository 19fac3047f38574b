package dev.masque.netty;

import java.io.IOException;
import java.net.Socket;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;

/** A client that shows what it likes, and takes every server. Blocks. */
@SuppressWarnings("JdkObsolete") // collections of the library
final class ForgingClient extends AbstractTlsClient implements TlsAuthentication {
    private final ForgedKey key;

    private ForgingClient(ForgedKey key) {
        super(RawKeyCrypto.INSTANCE);
        this.key = key;
    }

    /** The connection, with messages that only a hostile one has. */
    static final class Connection extends TlsClientProtocol {
        Connection(Socket socket) throws IOException {
            super(socket.getInputStream(), socket.getOutputStream());
        }

        void updateKeys(int times) throws IOException {
            for (int i = 0; i < times; i++) {
                send13KeyUpdate(true);
            }
        }

        /** A handshake message after the handshake. */
        void sendHello() throws IOException {
            byte[] message = {HandshakeType.client_hello, 0, 0, 0};
            safeWriteRecord((short) 22, message, 0, message.length);
        }
    }

    static Connection connect(Socket socket, ForgedKey key) throws IOException {
        Connection connection = new Connection(socket);
        connection.connect(new ForgingClient(key));
        return connection;
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
        names.add(ProtocolName.HTTP_1_1);
        return names;
    }

    @Override
    protected short[] getAllowedServerCertificateTypes() {
        return RawKeyCrypto.RAW.clone();
    }

    @Override
    protected short[] getAllowedClientCertificateTypes() {
        return RawKeyCrypto.RAW.clone();
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return this;
    }

    @Override
    public void notifyServerCertificate(TlsServerCertificate certificate) {}

    @Override
    public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return key.credentials(context);
    }
}
