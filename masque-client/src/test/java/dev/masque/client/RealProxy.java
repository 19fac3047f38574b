package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.Resolver;
import dev.masque.core.tls.PeerTrust;
import dev.masque.netty.raw.DnsResponder;
import dev.masque.netty.raw.RawH2;
import dev.masque.netty.raw.RawTls;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A proxy on loopback over its real transports, open to everyone, with a name server of its own. */
final class RealProxy implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static final TestPki PKI = new TestPki();

    final DnsResponder dns;
    final MasqueServer server;
    final BlockingQueue<TunnelClosed> closed = new LinkedBlockingQueue<>();
    private final EchoOrigin echo = EchoOrigin.plain();
    private final Resolver resolver;

    RealProxy(UnaryOperator<MasqueServerBuilder> more) {
        try {
            dns = new DnsResponder();
            resolver = ServiceLoader.load(NetworkProvider.class)
                    .findFirst()
                    .orElseThrow()
                    .createResolver(List.of(dns.address()));
            server = more.apply(MasqueServer.builder()
                            .listen(new InetSocketAddress(LOOPBACK, 0))
                            .identity(PKI.identity())
                            .openToEveryone()
                            .resolver(resolver)
                            .listener(new ServerListener() {
                                @Override
                                public void tunnelClosed(TunnelClosed event) {
                                    closed.add(event);
                                }
                            }))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, server.port());
    }

    RawTls http1() throws Exception {
        return new RawTls(address(), "http/1.1");
    }

    RawH2 http2() throws Exception {
        return new RawH2(address());
    }

    MasqueClientBuilder client(HttpVersion version, Path directory) throws IOException {
        return MasqueClient.builder()
                .proxy("https://localhost:" + server.port())
                .trust(PeerTrust.pem(TestPki.pem(PKI.authority(), directory)))
                .connectTimeout(Duration.ofSeconds(20))
                .versions(version);
    }

    static String authority(int port) {
        return "127.0.0.1:" + port;
    }

    static String udpPath(int port) {
        return udpPath("127.0.0.1", port);
    }

    static String udpPath(String host, int port) {
        return "/.well-known/masque/udp/" + host + "/" + port + "/";
    }

    /** Whatever happened to others, a new client gets its tunnel. The proxy has to allow loopback. */
    void assertServes() throws Exception {
        try (RawTls client = http1()) {
            client.send("CONNECT " + authority(echo.port()) + " HTTP/1.1\r\nHost: a\r\n\r\nstill here");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(new String(client.read(10), StandardCharsets.US_ASCII)).isEqualTo("still here");
        }
    }

    /** The next tunnel that ended. */
    TunnelClosed nextClosed() throws InterruptedException {
        TunnelClosed event = closed.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no tunnel ended");
        }
        return event;
    }

    @Override
    public void close() throws Exception {
        server.close();
        resolver.close();
        dns.close();
        echo.close();
    }
}
