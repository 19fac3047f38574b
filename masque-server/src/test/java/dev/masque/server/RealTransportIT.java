package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.ServerListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server over the transport that it finds by itself. */
@Timeout(60)
class RealTransportIT {
    private static TransportProvider http2() {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.versions().contains(HttpVersion.HTTP_2))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aConnectionIsToldOfWithItsVersionOfTls() throws Exception {
        TlsIdentity identity = ProxyClient.PKI.issue("proxy.example");
        CompletableFuture<ConnectionOpened> opened = new CompletableFuture<>();
        try (MasqueServer server = MasqueServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .identity(() -> identity)
                        .openToEveryone()
                        .versions(HttpVersion.HTTP_2)
                        .listener(new ServerListener() {
                            @Override
                            public void connectionOpened(ConnectionOpened event) {
                                opened.complete(event);
                            }
                        })
                        .start();
                ProxyClient client = ProxyClient.connect(
                        http2().create(), server.addresses().get(0), HttpVersion.HTTP_2, SessionLimits.defaults())) {
            assertThat(opened.get(20, TimeUnit.SECONDS).tlsProtocol()).contains("TLSv1.3");
            assertThat(client.closed).isFalse();
        }
    }
}
