package dev.masque.privacypass.voprf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;

/** Whatever comes, a parser gives the value of which it is the one encoding, or refuses. Replays the corpus in the build. */
class ElementFuzzTest {
    @FuzzTest
    void elements(byte[] data) {
        for (OprfSuite suite : OprfSuite.values()) {
            try {
                assertThat(suite.group().encode(suite.group().decode(data))).isEqualTo(data);
            } catch (GeneralSecurityException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }

    @FuzzTest
    void privateKeys(byte[] data) {
        for (OprfSuite suite : OprfSuite.values()) {
            try {
                assertThat(OprfPrivateKey.parse(suite, data).bytes()).isEqualTo(data);
            } catch (InvalidKeyException expected) {
                assertThat(expected).hasMessage("not a private key of this suite");
            }
        }
    }
}
