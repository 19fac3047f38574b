package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.List;

/** Whatever comes, a decoder gives a value that writes back, or its own exception. Replays the corpus in the build. */
class WireFuzzTest {
    @FuzzTest
    void challenge(byte[] data) {
        check(data, in -> TokenChallenge.decode(in).encode());
    }

    @FuzzTest
    void token(byte[] data) {
        check(data, in -> Token.decode(in).encode());
    }

    @FuzzTest
    void request(byte[] data) {
        check(data, in -> TokenRequest.decode(in).encode());
    }

    @FuzzTest
    void response(byte[] data) {
        check(data, in -> TokenResponse.decode(TokenType.VOPRF_P384, in).encode());
    }

    @FuzzTest
    void amortizedRequest(byte[] data) {
        check(data, in -> AmortizedBatchRequest.decode(in, 100).encode());
    }

    @FuzzTest
    void amortizedResponse(byte[] data) {
        check(
                data,
                in -> AmortizedBatchResponse.decode(TokenType.VOPRF_RISTRETTO255, in, 3)
                        .encode());
    }

    @FuzzTest
    void genericRequest(byte[] data) {
        check(data, in -> GenericBatchRequest.decode(in, 100).encode());
    }

    @FuzzTest
    void genericResponse(byte[] data) {
        check(data, in -> GenericBatchResponse.decode(in, 100).encode());
    }

    @FuzzTest
    void extensions(byte[] data) {
        check(data, in -> {
            Extensions extensions = Extensions.decode(in);
            assertThat(extensions.expiry()).isNotNull();
            return extensions.encode();
        });
    }

    @FuzzTest
    void directory(byte[] data) {
        try {
            IssuerDirectory directory = IssuerDirectory.parse(Bytes.copyOf(data));
            assertThat(IssuerDirectory.parse(directory.format())).isEqualTo(directory);
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void keyFile(byte[] data) {
        try {
            assertThat(KeyFile.parse(new String(data, StandardCharsets.ISO_8859_1)))
                    .isNotNull();
        } catch (InvalidKeyException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void challengeField(byte[] data) {
        try {
            List<PrivateTokenChallenge> challenges =
                    PrivateTokenChallenge.parse(new String(data, StandardCharsets.ISO_8859_1));
            assertThat(PrivateTokenChallenge.parse(PrivateTokenChallenge.format(challenges)))
                    .isEqualTo(challenges);
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void credentialsField(byte[] data) {
        try {
            PrivateTokenCredentials.parse(new String(data, StandardCharsets.ISO_8859_1))
                    .ifPresent(token -> assertThat(token).isNotNull());
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void check(byte[] data, WireLawsTest.Codec codec) {
        try {
            assertThat(codec.reread(Bytes.copyOf(data))).isEqualTo(Bytes.copyOf(data));
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
