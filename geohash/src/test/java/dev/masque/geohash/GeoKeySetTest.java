package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeoKeySetTest {
    @Test
    void thePublicKeyOfAPrivateOneIsThatOfTheRfc() throws Exception {
        GeoSigningKey key = GeoSigningKey.parse(GeoAttestationTest.PRIVATE_PEM);

        assertThat(GeoKeySet.of(List.of(key.publicKey())).format()).isEqualTo(GeoAttestationTest.PUBLIC_PEM);
        assertThat(GeoKeySet.parse(GeoAttestationTest.PUBLIC_PEM).keyIds()).containsExactly(key.id());
        assertThat(key.privatePem()).isEqualTo(GeoAttestationTest.PRIVATE_PEM);
        assertThat(key).hasToString("GeoSigningKey " + key.id());
    }

    @Test
    void aKeyThatWasStoredSignsTheSame() throws Exception {
        GeoSigningKey key = GeoSigningKey.generate();
        GeoSigningKey again = GeoSigningKey.parse(key.privatePem());

        assertThat(again.publicKey()).isEqualTo(key.publicKey());
        assertThat(again.sign(new byte[] {1, 2, 3})).isEqualTo(key.sign(new byte[] {1, 2, 3}));
    }

    @Test
    void aDocumentHasSeveralKeysAndTextAroundThem() throws Exception {
        List<PublicKey> keys = Stream.generate(GeoSigningKey::generate)
                .limit(8)
                .map(GeoSigningKey::publicKey)
                .toList();
        String document =
                "# the keys of a.example\r\n" + GeoKeySet.of(keys).format().replace("\n", "\r\n")
                        + "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n";

        GeoKeySet read = GeoKeySet.parse(document);

        assertThat(read.keyIds()).hasSize(8).isEqualTo(GeoKeySet.of(keys).keyIds());
        assertThat(GeoKeySet.parse(read.format()).format()).isEqualTo(read.format());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PUBLIC KEY-----\nMCow",
                "-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\n-----BEGIN PUBLIC KEY-----\n",
                "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----"
            })
    void whatIsNoPemIsRefused(String document) {
        refused(document, Reason.SYNTAX);
    }

    @Test
    void whatIsNoListOfEd25519KeysIsRefused() throws Exception {
        refused("", Reason.EMPTY);
        refused(GeoAttestationTest.PRIVATE_PEM, Reason.EMPTY);
        refused(" ".repeat(8193), Reason.TOO_LONG);
        refused(GeoAttestationTest.PUBLIC_PEM.repeat(9), Reason.SYNTAX);
        refused(pem(new byte[] {1, 2, 3}), Reason.KEY);
        refused(pem(pair("X25519").getPublic().getEncoded()), Reason.KEY);
        refused(pem(pair("Ed448").getPublic().getEncoded()), Reason.KEY);
        refused(pem(pair("EC").getPublic().getEncoded()), Reason.KEY);
    }

    private static void refused(String document, Reason reason) {
        assertThatThrownBy(() -> GeoKeySet.parse(document))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(key) + "\n-----END PUBLIC KEY-----";
    }

    private static KeyPair pair(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    @Test
    void otherKeysAreTheCallersMistake() throws Exception {
        PublicKey other = pair("Ed448").getPublic();
        KeyPair mixed = new KeyPair(pair("Ed25519").getPublic(), pair("Ed25519").getPrivate());
        KeyPair wrong = pair("EC");

        assertThatThrownBy(() -> GeoKeySet.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoKeySet.of(List.of(other))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoSigningKey.of(mixed)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoSigningKey.of(wrong)).isInstanceOf(IllegalArgumentException.class);
        KeyPair pair = pair("Ed25519");
        assertThat(GeoSigningKey.of(pair).publicKey()).isEqualTo(pair.getPublic());
    }

    @Test
    void whatIsNoPrivateKeyIsRefused() {
        assertThatThrownBy(() -> GeoSigningKey.parse(GeoAttestationTest.PUBLIC_PEM))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
        assertThatThrownBy(() -> GeoSigningKey.parse("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----"))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEY));
    }
}
