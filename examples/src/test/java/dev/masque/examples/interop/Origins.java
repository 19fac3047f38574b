package dev.masque.examples.interop;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** What tunnels lead to: a TCP and a UDP echo, and an HTTPS site, all on loopback. */
final class Origins implements AutoCloseable {
    static final String PAGE = "Hello from the origin.\n";

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final HttpsServer site;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "origin");
        thread.setDaemon(true);
        return thread;
    });

    private Origins(ServerSocket tcp, DatagramSocket udp, HttpsServer site) {
        this.tcp = tcp;
        this.udp = udp;
        this.site = site;
    }

    static Origins start(SSLContext tls) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        DatagramSocket udp = new DatagramSocket(0, loopback);
        udp.setReceiveBufferSize(1 << 20);
        HttpsServer site = HttpsServer.create(new InetSocketAddress(loopback, 0), 50);
        site.setHttpsConfigurator(new HttpsConfigurator(tls));
        Origins origins = new Origins(new ServerSocket(0, 200, loopback), udp, site);
        origins.begin();
        return origins;
    }

    /** The authority of the TCP echo, which echoes half-closes too. */
    String tcpEcho() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    /** The authority of the UDP echo. */
    String udpEcho() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    /** The address of the site: "/" is a page, "/NUMBER" so many bytes, and what is posted comes back as its length. */
    String site(String path) {
        return "https://localhost:" + site.getAddress().getPort() + path;
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
        site.stop(0);
        threads.shutdownNow();
    }

    private void begin() {
        threads.execute(this::acceptTcp);
        threads.execute(this::echoUdp);
        site.setExecutor(threads);
        site.createContext("/", exchange -> {
            try (exchange) {
                long posted = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                String path = exchange.getRequestURI().getPath();
                byte[] body = path.equals("/")
                        ? (posted > 0 ? Long.toString(posted) : PAGE).getBytes(StandardCharsets.UTF_8)
                        : new byte[Integer.parseInt(path.substring(1))];
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        site.start();
    }

    private void acceptTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                threads.execute(() -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            in.transferTo(socket.getOutputStream());
        } catch (IOException reset) {
            // the end of this connection and of no other
        }
    }

    private void echoUdp() {
        byte[] buffer = new byte[65_535];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                udp.send(packet);
            } catch (IOException closed) {
                if (udp.isClosed()) {
                    return;
                }
            }
        }
    }
}
