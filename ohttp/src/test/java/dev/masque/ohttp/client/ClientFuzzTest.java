package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a relay or a gateway can send a client outside of encapsulation. Replays the corpus in the build. */
class ClientFuzzTest {
    @FuzzTest
    void problems(byte[] data) {
        String json = new String(data, StandardCharsets.UTF_8);
        String type = Problem.type(json);
        assertThat(type == null || json.replace("\\/", "/").contains(type)).isTrue();
    }

    @FuzzTest
    void keys(byte[] data) {
        try {
            assertThat(new KeyList(ByteBuffer.wrap(data), Duration.ZERO)
                            .choose()
                            .isUsable())
                    .isTrue();
        } catch (OhttpRequestException e) {
            assertThat(e.party()).isEqualTo(OhttpRequestException.Party.KEYS);
        }
    }
}
