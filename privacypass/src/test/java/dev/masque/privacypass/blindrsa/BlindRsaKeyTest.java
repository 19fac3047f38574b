package dev.masque.privacypass.blindrsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlindRsaKeyTest {
    private static final JsonNode VECTOR = Vectors.read("partially-blind-rsa/type-da7a-issuance.privacypass-ts.json")
            .get(0);
    private static final byte[] SPKI = Vectors.hex(VECTOR, "pkS");

    private static byte[] pkcs8() {
        String pem = new String(Vectors.hex(VECTOR, "skS"), StandardCharsets.US_ASCII);
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    @Test
    void thePublishedKeyIsReadAndWrittenAsItIs() throws Exception {
        BlindRsaPublicKey key = BlindRsaPublicKey.parse(SPKI);
        assertThat(key.spki()).isEqualTo(SPKI);
        assertThat(key.keyId()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(SPKI));
        assertThat(key.modulusLength()).isEqualTo(256);
        BlindRsaPrivateKey privateKey = BlindRsaPrivateKey.parse(pkcs8());
        assertThat(privateKey.publicKey()).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(privateKey.pkcs8()).isEqualTo(pkcs8());
        assertThat(BlindRsaPrivateKey.parse(privateKey.pkcs8())).isEqualTo(privateKey);
    }

    @Test
    void aGeneratedKeySurvivesItsEncodings() throws Exception {
        BlindRsaPrivateKey key = BlindRsaPrivateKey.generate();
        assertThat(BlindRsaPrivateKey.parse(key.pkcs8())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(BlindRsaPublicKey.parse(key.publicKey().spki())).isEqualTo(key.publicKey());
        assertThat(key).isNotEqualTo(BlindRsaPrivateKey.generate());
    }

    @Test
    void everyChangedByteOfAPublicKeyIsRefusedOrAnotherKey() {
        for (int i = 0; i < SPKI.length; i++) {
            byte[] changed = SPKI.clone();
            changed[i] ^= 0x11;
            try {
                assertThat(BlindRsaPublicKey.parse(changed).spki()).isEqualTo(changed);
                assertThat(i).isGreaterThan(80); // only the numbers can be others
            } catch (InvalidKeyException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void truncatedOrProlongedPublicKeysAreRefused() {
        for (int length = 0; length < SPKI.length; length++) {
            byte[] prefix = Arrays.copyOf(SPKI, length);
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> BlindRsaPublicKey.parse(prefix));
        }
        byte[] longer = Arrays.copyOf(SPKI, SPKI.length + 1);
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> BlindRsaPublicKey.parse(longer));
    }

    @Test
    void randomBytesAreNoPublicKey() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            if (bytes.length > 2) {
                bytes[0] = 0x30;
            }
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> BlindRsaPublicKey.parse(bytes));
        }
    }

    @Test
    void anotherAlgorithmOrSizeIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        var small = generator.generateKeyPair();
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> BlindRsaPrivateKey.parse(small.getPrivate().getEncoded()));
        generator.initialize(2048);
        byte[] plainRsa = generator.generateKeyPair().getPublic().getEncoded(); // rsaEncryption
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> BlindRsaPublicKey.parse(plainRsa));
    }

    @Test
    void exponentsThatAreEvenOrHugeAreRefused() throws Exception {
        BigInteger n = BlindRsaPublicKey.parse(SPKI).modulus();
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> new BlindRsaPublicKey(n, BigInteger.valueOf(65536)));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> new BlindRsaPublicKey(n, BigInteger.ONE));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> new BlindRsaPublicKey(n, n));
        byte[] huge = new BlindRsaPublicKey(n, BigInteger.ONE.shiftLeft(64).setBit(0)).spki();
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> BlindRsaPublicKey.parse(huge));
    }

    @Test
    void aPrivateKeyWhoseNumbersDoNotBelongTogetherIsRefused() throws Exception {
        RSAPrivateCrtKey good = BlindRsaPrivateKey.parse(pkcs8()).key();
        RSAPrivateCrtKey bad = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        good.getModulus(),
                        good.getPublicExponent(),
                        good.getPrivateExponent(),
                        good.getPrimeP(),
                        good.getPrimeQ(),
                        good.getPrimeExponentP(),
                        good.getPrimeExponentQ().flipBit(3),
                        good.getCrtCoefficient()));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> BlindRsaPrivateKey.parse(bad.getEncoded()));
        for (int length : new int[] {0, 1, 100, 1000}) {
            byte[] prefix = Arrays.copyOf(pkcs8(), length);
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> BlindRsaPrivateKey.parse(prefix));
        }
    }

    @Test
    void partiallyBlindKeysHaveSafePrimes() throws Exception {
        for (int i = 0; i < 3; i++) {
            BigInteger prime = PartiallyBlindRsa.safePrime(128);
            assertThat(prime.bitLength()).isEqualTo(128);
            assertThat(prime.isProbablePrime(100)).isTrue();
            assertThat(prime.shiftRight(1).isProbablePrime(100)).isTrue();
        }
        BlindRsaPrivateKey published = BlindRsaPrivateKey.parse(pkcs8());
        byte[] info = {0, 1, 2};
        PendingSignature pending = PartiallyBlindRsa.blind(published.publicKey(), info, SPKI);
        byte[] signature = pending.finish(PartiallyBlindRsa.blindSign(published, info, pending.blindedMessage()));
        PartiallyBlindRsa.verify(published.publicKey(), info, SPKI, signature);
    }
}
