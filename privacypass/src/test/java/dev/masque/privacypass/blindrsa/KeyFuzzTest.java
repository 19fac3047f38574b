package dev.masque.privacypass.blindrsa;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.InvalidKeyException;

/** Whatever comes, a parser gives a key or refuses. Replays the corpus in the build. */
class KeyFuzzTest {
    @FuzzTest
    void publicKeys(byte[] data) {
        try {
            assertThat(BlindRsaPublicKey.parse(data).spki()).isEqualTo(data);
        } catch (InvalidKeyException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }

    @FuzzTest
    void privateKeys(byte[] data) {
        try {
            BlindRsaPrivateKey key = BlindRsaPrivateKey.parse(data);
            assertThat(BlindRsaPrivateKey.parse(key.pkcs8())).isEqualTo(key);
        } catch (InvalidKeyException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }
}
