package dev.masque.privacypass.blindrsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.ProviderException;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlindRsaRefusalTest {
    private static final BlindRsaPrivateKey KEY = BlindRsaPrivateKey.generate();
    private static final BlindRsaPublicKey PUBLIC = KEY.publicKey();
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource
    void aFreshKeySignsBlindly(BlindRsa variant) throws Exception {
        byte[] prepared = variant.prepare(MESSAGE);
        PendingSignature pending = variant.blind(PUBLIC, prepared);
        byte[] signature = pending.finish(KEY.blindSign(pending.blindedMessage()));
        variant.verify(PUBLIC, prepared, signature);
        assertThat(variant.blind(PUBLIC, prepared).blindedMessage()).isNotEqualTo(pending.blindedMessage());
        byte[] other = Arrays.copyOf(prepared, prepared.length + 1);
        assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> variant.verify(PUBLIC, other, signature));
    }

    static Stream<byte[]> noBlindedMessages() {
        BigInteger n = PUBLIC.modulus();
        byte[] ones = new byte[256];
        Arrays.fill(ones, (byte) 0xff);
        return Stream.of(
                new byte[0],
                new byte[255],
                new byte[257],
                new byte[256],
                PUBLIC.toBytes(n),
                PUBLIC.toBytes(n.add(BigInteger.ONE)),
                ones);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("noBlindedMessages")
    void whatIsNoBlindedMessageIsNotSigned(byte[] blinded) {
        assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> KEY.blindSign(blinded));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("noBlindedMessages")
    void whatIsNoBlindSignatureIsNotFinished(byte[] blindSignature) {
        PendingSignature pending = BlindRsa.PSS_DETERMINISTIC.blind(PUBLIC, MESSAGE);
        assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> pending.finish(blindSignature));
    }

    @Test
    void aTamperedBlindSignatureIsNotFinished() throws Exception {
        PendingSignature pending = BlindRsa.PSS_DETERMINISTIC.blind(PUBLIC, MESSAGE);
        byte[] blindSignature = KEY.blindSign(pending.blindedMessage());
        for (int at : new int[] {1, 100, 255}) {
            byte[] tampered = blindSignature.clone();
            tampered[at] ^= 1;
            assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> pending.finish(tampered));
        }
        assertThat(pending.finish(blindSignature)).hasSize(256);
    }

    @Test
    void aSignatureOfTheWrongLengthOrOutOfRangeIsNotValid() {
        for (byte[] signature : noBlindedMessages().toList()) {
            assertThatExceptionOfType(SignatureException.class)
                    .isThrownBy(() -> BlindRsa.PSS_DETERMINISTIC.verify(PUBLIC, MESSAGE, signature));
        }
    }

    @Test
    void aFaultInOneHalfOfTheComputationGivesNothingAway() throws Exception {
        RSAPrivateCrtKey good = KEY.key();
        BigInteger wrong = good.getPrimeExponentP().flipBit(7);
        BlindRsaPrivateKey faulty = new BlindRsaPrivateKey(
                PUBLIC,
                BlindRsaPrivateKey.crtKey(
                        PUBLIC,
                        good.getPrivateExponent(),
                        good.getPrimeP(),
                        good.getPrimeQ(),
                        wrong,
                        good.getPrimeExponentQ(),
                        good.getCrtCoefficient()));
        byte[] blinded = BlindRsa.PSS_DETERMINISTIC.blind(PUBLIC, MESSAGE).blindedMessage();
        assertThatExceptionOfType(ProviderException.class).isThrownBy(() -> faulty.blindSign(blinded));
        assertThat(KEY.blindSign(blinded)).hasSize(256);
    }

    @Test
    void signingManyTimesRenewsTheBlindingFactorAndStaysCorrect() throws Exception {
        byte[] blinded = BlindRsa.PSS_DETERMINISTIC.blind(PUBLIC, MESSAGE).blindedMessage();
        byte[] signature = KEY.blindSign(blinded);
        for (int i = 0; i < 2 * BlindingFactor.MAX_USES + 3; i++) {
            assertThat(KEY.blindSign(blinded)).isEqualTo(signature);
        }
        BigInteger p = KEY.key().getPrimeP();
        BigInteger q = KEY.key().getPrimeQ();
        BlindingFactor factor = BlindingFactor.create(KEY.key());
        Set<BigInteger> seen = new HashSet<>();
        while (!factor.isSpent()) {
            assertThat(seen.add(factor.powerP)).isTrue();
            assertThat(factor.inverseP.modPow(PUBLIC.exponent(), p)).isEqualTo(factor.powerP.modInverse(p));
            assertThat(factor.inverseQ.modPow(PUBLIC.exponent(), q)).isEqualTo(factor.powerQ.modInverse(q));
            factor = factor.next(new Barrett(p), new Barrett(q));
        }
        assertThat(seen).hasSize(BlindingFactor.MAX_USES);
    }

    @Test
    void severalThreadsSignWithOneKey() throws Exception {
        byte[] blinded = BlindRsa.PSS_DETERMINISTIC.blind(PUBLIC, MESSAGE).blindedMessage();
        byte[] signature = KEY.blindSign(blinded);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<byte[]> sign = () -> KEY.blindSign(blinded);
            for (Future<byte[]> each : threads.invokeAll(
                    IntStream.range(0, 100).mapToObj(i -> sign).toList())) {
                assertThat(each.get()).isEqualTo(signature);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothingSecretIsPrinted() {
        PendingSignature pending = BlindRsa.PSS_DETERMINISTIC.blind(PUBLIC, MESSAGE);
        assertThat(pending).hasToString("PendingSignature[RSABSSA-SHA384-PSS-Deterministic]");
        assertThat(KEY).hasToString("BlindRsaPrivateKey[" + PUBLIC + "]");
    }
}
