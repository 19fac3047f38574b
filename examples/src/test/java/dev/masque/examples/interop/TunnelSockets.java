package dev.masque.examples.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/** The sockets of a JDBC driver, made of tunnels; the driver makes one of these by its name. */
public final class TunnelSockets extends SocketFactory {
    private static final Map<String, OurClient> CLIENTS = new ConcurrentHashMap<>();

    private final String target;

    /**
     * Made by the driver.
     *
     * @param target the authority that was registered
     */
    public TunnelSockets(String target) {
        this.target = target;
    }

    static void register(String target, OurClient client) {
        CLIENTS.put(target, client);
    }

    @Override
    public Socket createSocket() throws IOException {
        OurClient client = CLIENTS.get(target);
        if (client == null) {
            throw new IOException("no client for this target");
        }
        return client.tcp(target);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
