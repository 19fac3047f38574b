package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.core.spi.RequestHead;
import dev.masque.geohash.GeoHint;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GeohashTest {
    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    private List<String> sent(UnaryOperator<MasqueClientBuilder> change) throws IOException {
        try (MasqueClient client = change.apply(Clients.to(proxy)).build();
                TcpTunnel tcp = client.openTcp("example.com", 443);
                UdpTunnel udp = client.openUdp("example.com", 53)) {
            assertThat(tcp).isNotNull();
            assertThat(udp).isNotNull();
        }
        List<RequestHead> heads =
                proxy.streams.stream().map(stream -> stream.request()).toList();
        assertThat(heads).hasSize(2);
        assertThat(heads.get(0).fields().all("sec-ch-geohash"))
                .isEqualTo(heads.get(1).fields().all("sec-ch-geohash"));
        return heads.get(0).fields().all("sec-ch-geohash");
    }

    @Test
    void nothingIsSaidUnlessToldSo() throws IOException {
        assertThat(sent(builder -> builder)).isEmpty();
    }

    @Test
    void theHintIsCutToACity() throws IOException {
        assertThat(sent(builder -> builder.geohash(GeoHint.of("xn76cydhz", "JP"))))
                .containsExactly("xn76c-JP");
    }

    @Test
    void theHintIsCutToWhatIsWanted() throws IOException {
        assertThat(sent(builder -> builder.geohash(GeoHint.of("xn76cydhz", "JP"), 3)))
                .containsExactly("xn7-JP");
    }

    @Test
    void aCountryMayBeAllThatIsSaid() throws IOException {
        assertThat(sent(builder -> builder.geohash(GeoHint.of("xn76cydhz", "JP"), 0)))
                .containsExactly("JP");
    }

    @Test
    void aPrecisionThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasqueClient.builder().geohash(GeoHint.ofCountry("JP"), 13));
    }

    @Test
    void theFieldIsNotSetByHand() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasqueClient.builder().field("Sec-CH-Geohash", "JP"));
    }
}
