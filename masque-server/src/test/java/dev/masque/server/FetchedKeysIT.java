package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoSigningKey;
import dev.masque.server.location.AttestationKeyRing;
import dev.masque.server.location.AttestationKeys;
import dev.masque.server.location.LocationAttestations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The keys of a first hop, fetched over the network from where it publishes them. */
@Timeout(60)
class FetchedKeysIT {
    private final HttpClient http =
            HttpClient.newBuilder().sslContext(ProxyClient.PKI.context()).build();

    @Test
    void theKeysOfARunningFirstHopAreFound() throws IOException {
        GeoSigningKey key = GeoSigningKey.generate();
        TlsIdentity identity = ProxyClient.PKI.issue("localhost");
        try (MasqueServer first = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(() -> identity)
                .openToEveryone()
                .versions(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                .attestLocations(LocationAttestations.of(
                        AttestationKeyRing.of(key), client -> Optional.of(GeoHint.ofCountry("DK"))))
                .start()) {
            AttestationKeys keys = AttestationKeys.fetched(
                    URI.create("https://localhost:" + first.addresses().get(0).getPort()), http);
            assertThat(keys.current()).isEmpty();
            keys.refresh();
            assertThat(keys.current().orElseThrow().keyIds()).containsExactly(key.id());
        }
    }

    @Test
    void aFirstHopWithoutKeysIsReported() throws IOException {
        TlsIdentity identity = ProxyClient.PKI.issue("localhost");
        try (MasqueServer other = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(() -> identity)
                .openToEveryone()
                .versions(HttpVersion.HTTP_2)
                .start()) {
            AttestationKeys keys = AttestationKeys.fetched(
                    URI.create("https://localhost:" + other.addresses().get(0).getPort()), http);
            assertThatThrownBy(keys::refresh).isInstanceOf(IOException.class).hasMessageContaining("404");
            keys.refresh(); // not again so soon
            assertThat(keys.current()).isEmpty();
        }
    }

    @Test
    void keysComeOverTlsOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttestationKeys.fetched(URI.create("http://a.example"), http));
    }
}
