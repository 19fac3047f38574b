package dev.masque.cli;

import dev.masque.core.tls.TlsIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What the demonstration's tunnels lead to: an HTTPS site and a UDP service that echoes, both on loopback. */
final class DemoOrigins implements AutoCloseable {
    static final String PAGE = "Hello from the origin.\n";

    private static final int MAX_REQUEST_LINES = 100;

    private final ServerSocket site;
    private final DatagramSocket echo;

    private DemoOrigins(ServerSocket site, DatagramSocket echo) {
        this.site = site;
        this.echo = echo;
    }

    static DemoOrigins start(TlsIdentity identity) throws IOException, GeneralSecurityException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerSocket site = context(identity).getServerSocketFactory().createServerSocket(0, 50, loopback);
        DatagramSocket echo = new DatagramSocket(new InetSocketAddress(loopback, 0));
        DemoOrigins origins = new DemoOrigins(site, echo);
        daemon("demo-site", origins::serve);
        daemon("demo-echo", origins::echo);
        return origins;
    }

    int httpsPort() {
        return site.getLocalPort();
    }

    int echoPort() {
        return echo.getLocalPort();
    }

    private static SSLContext context(TlsIdentity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("demo", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!site.isClosed()) {
            try {
                Socket connection = site.accept();
                daemon("demo-site-connection", () -> answer(connection));
            } catch (IOException e) {
                if (!site.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void answer(Socket connection) {
        try (connection) {
            connection.setSoTimeout(10_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            int lines = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (++lines > MAX_REQUEST_LINES) {
                    return;
                }
            }
            String response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + PAGE.length()
                    + "\r\nConnection: close\r\n\r\n" + PAGE;
            connection.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // a client that went away, or a handshake that failed: the demonstration's other side reports it
        }
    }

    private void echo() {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        while (!echo.isClosed()) {
            try {
                packet.setLength(65_535);
                echo.receive(packet);
                echo.send(packet);
            } catch (IOException e) {
                if (!echo.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        site.close();
        echo.close();
    }
}
