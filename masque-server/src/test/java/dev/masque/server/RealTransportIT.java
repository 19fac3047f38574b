package dev.masque.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.masque.core.HttpVersion;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.ServerListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    @ParameterizedTest
    @EnumSource
    void aHandlerSeesTheCertificatesThatItsClientShowed(HttpClient.Version version) throws Exception {
        TlsIdentity identity = ProxyClient.PKI.identity();
        SSLContext nameless = SSLContext.getInstance("TLS");
        nameless.init(null, new TrustManager[] {ProxyClient.PKI.trust()}, null);
        try (MasqueServer server = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(() -> identity)
                .openToEveryone()
                .versions(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
                .askForClientCertificates(PeerTrust.of(ProxyClient.PKI.trust()))
                .handler("/who", RealTransportIT::who)
                .start()) {
            URI who =
                    URI.create("https://localhost:" + server.addresses().get(0).getPort() + "/who");

            assertThat(get(who, version, ProxyClient.PKI.context()))
                    .isEqualTo("TLSv1.3 " + identity.chain().get(0).getSerialNumber());
            assertThat(get(who, version, nameless)).isEqualTo("TLSv1.3 nobody");
        }
    }

    private static void who(HttpExchange exchange) throws IOException {
        SSLSession tls = ((HttpsExchange) exchange).getSSLSession();
        byte[] answer = (tls.getProtocol() + " " + serialNumber(tls)).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String serialNumber(SSLSession tls) {
        try {
            return ((X509Certificate) tls.getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private static String get(URI uri, HttpClient.Version version, SSLContext tls) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .version(version)
                .build()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
