package dev.masque.cli;

import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The steps of the demonstration over one version of HTTP. */
final class DemoSteps {
    private static final int DATAGRAMS = 20;
    private static final int PAYLOAD = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpVersion version;
    private final Path authority;

    DemoSteps(HttpVersion version, Path authority) {
        this.version = version;
        this.authority = authority;
    }

    private DemoResult timed(String name, DemoResult.Step step) {
        return DemoResult.timed(version.alpn(), name, step);
    }

    /** The site's page, over TLS from end to end inside a TCP tunnel. */
    DemoResult fetch(MasqueClient client, int port) {
        return timed("HTTPS by CONNECT", () -> {
            try (TcpTunnel tunnel = client.openTcp("localhost", port);
                    SSLSocket tls = (SSLSocket)
                            tls().getSocketFactory().createSocket(tunnel.asSocket(), "localhost", port, true)) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                tls.setSSLParameters(parameters);
                tls.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                String response = new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                if (!response.startsWith("HTTP/1.1 200") || !response.endsWith(DemoOrigins.PAGE)) {
                    throw new IOException("not the page");
                }
                return "200, the page of the site; " + tls.getSession().getProtocol() + " end to end";
            }
        });
    }

    /** Datagrams to the echo service and back. */
    DemoResult echo(MasqueClient client, int port) {
        return timed("UDP by CONNECT-UDP", () -> {
            try (UdpTunnel tunnel = client.openUdp("127.0.0.1", port)) {
                int returned = 0;
                for (int i = 0; i < DATAGRAMS; i++) {
                    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD).putInt(0, i);
                    tunnel.send(payload.duplicate());
                    Optional<ByteBuffer> answer = tunnel.receive(PATIENCE);
                    if (answer.isPresent() && answer.get().equals(payload)) {
                        returned++;
                    }
                }
                if (returned < DATAGRAMS) {
                    throw new IOException(returned + " of " + DATAGRAMS + " datagrams came back");
                }
                return DATAGRAMS + " datagrams of " + PAYLOAD + " bytes there and back";
            }
        });
    }

    /** A request that the proxy has to refuse. */
    DemoResult refused(String name, MasqueClient client, String host, int port, int status) {
        return timed(name, () -> {
            try (TcpTunnel tunnel = client.openTcp(host, port)) {
                throw new IOException("the proxy opened a tunnel");
            } catch (TunnelException e) {
                String outcome = e.status().orElse(0) + ", Proxy-Status error="
                        + e.proxyError().map(ProxyErrorType::token).orElse("(none)");
                if (e.status().orElse(0) != status) {
                    throw new IOException(outcome, e);
                }
                return outcome;
            }
        });
    }

    private SSLContext tls() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "demo", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
