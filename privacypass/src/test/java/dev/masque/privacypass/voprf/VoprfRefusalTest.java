package dev.masque.privacypass.voprf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VoprfRefusalTest {
    private static final byte[] INPUT = {1, 2, 3};

    private static byte[] ordered(OprfSuite suite, BigInteger value) {
        byte[] out = new byte[suite.scalarLength()];
        for (int i = 0; i < out.length; i++) {
            int at = suite == OprfSuite.RISTRETTO255_SHA512 ? i : out.length - 1 - i;
            out[at] = value.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    /** Encodings that are no element, whatever the suite. */
    private static List<byte[]> notElements(OprfSuite suite) {
        List<byte[]> out = new ArrayList<>();
        int length = suite.elementLength();
        byte[] good = OprfPrivateKey.generate(suite).publicKey().bytes();
        out.add(new byte[0]);
        out.add(new byte[1]); // SEC 1's identity
        out.add(new byte[length]); // ristretto255's identity
        out.add(Arrays.copyOf(good, length - 1));
        out.add(Arrays.copyOf(good, length + 1));
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xff);
        out.add(ones);
        if (suite == OprfSuite.RISTRETTO255_SHA512) {
            for (String hex : new String[] { // RFC 9496, A.2: non-canonical, negative, non-square, and so on
                "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
                "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
                "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
                "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            }) {
                out.add(HexFormat.of().parseHex(hex));
            }
        } else {
            byte[] prefix = good.clone();
            prefix[0] = 4;
            out.add(prefix);
            var curve = CustomNamedCurves.getByName(suite == OprfSuite.P384_SHA384 ? "secp384r1" : "secp256r1");
            out.add(curve.getG().getEncoded(false)); // uncompressed
            BigInteger p = curve.getCurve().getField().getCharacteristic();
            BigInteger x = BigInteger.ONE;
            while (isOnCurve(curve.getCurve(), x)) {
                x = x.add(BigInteger.ONE);
            }
            out.add(compressed(length, x)); // off the curve
            BigInteger small = BigInteger.ZERO;
            while (!isOnCurve(curve.getCurve(), small)) {
                small = small.add(BigInteger.ONE);
            }
            if (p.add(small).bitLength() <= 8 * (length - 1)) {
                out.add(compressed(length, p.add(small))); // the x of a point, but not below p
            }
        }
        return out;
    }

    private static byte[] compressed(int length, BigInteger x) {
        byte[] out = new byte[length];
        out[0] = 2;
        for (int i = 0; i < length - 1; i++) {
            out[length - 1 - i] = x.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    private static boolean isOnCurve(org.bouncycastle.math.ec.ECCurve curve, BigInteger x) {
        var element = curve.fromBigInteger(x);
        return element.square()
                        .add(curve.getA())
                        .multiply(element)
                        .add(curve.getB())
                        .sqrt()
                != null;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoElementIsNeitherEvaluatedNorAKeyNorAnAnswer(OprfSuite suite) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        PendingEvaluation pending = Voprf.blind(key.publicKey(), List.of(INPUT));
        byte[] proof = Voprf.blindEvaluate(key, pending.blindedElements()).proof();
        for (byte[] bad : notElements(suite)) {
            String hex = HexFormat.of().formatHex(bad);
            assertThatExceptionOfType(GeneralSecurityException.class)
                    .as(hex)
                    .isThrownBy(() -> Voprf.blindEvaluate(key, List.of(bad)));
            assertThatExceptionOfType(InvalidKeyException.class)
                    .as(hex)
                    .isThrownBy(() -> OprfPublicKey.parse(suite, bad));
            assertThatExceptionOfType(GeneralSecurityException.class)
                    .as(hex)
                    .isThrownBy(() -> pending.finish(List.of(bad), proof));
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomBytesAreRefusedOrAreTheOneEncodingOfAnElement(OprfSuite suite) {
        SplittableRandom random = new SplittableRandom(11);
        int accepted = 0;
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[suite.elementLength()];
            random.nextBytes(bytes);
            if (suite != OprfSuite.RISTRETTO255_SHA512) {
                bytes[0] = (byte) (2 + (i & 1));
            }
            try {
                long[][] element = suite.group().decode(bytes);
                assertThat(suite.group().encode(element)).isEqualTo(bytes);
                accepted++;
            } catch (GeneralSecurityException expected) {
                assertThat(expected).hasMessageStartingWith("not a");
            }
        }
        assertThat(accepted).isBetween(5, 150); // about one in two, or in sixteen for ristretto255
    }

    @ParameterizedTest
    @EnumSource
    void everyChangeOfTheAnswerOrItsProofIsNoticed(OprfSuite suite) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        PendingEvaluation pending = Voprf.blind(key.publicKey(), List.of(INPUT, new byte[0]));
        Evaluation good = Voprf.blindEvaluate(key, pending.blindedElements());
        byte[] proof = good.proof();
        List<List<byte[]>> wrongElements = List.of(
                List.of(),
                good.elements().subList(0, 1),
                List.of(good.elements().get(1), good.elements().get(0)),
                List.of(good.elements().get(0), good.elements().get(0)),
                List.of(
                        good.elements().get(0),
                        good.elements().get(1),
                        good.elements().get(1)),
                pending.blindedElements());
        for (List<byte[]> elements : wrongElements) {
            assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> pending.finish(elements, proof));
        }
        for (int at = 0; at < proof.length; at += 7) {
            byte[] changed = proof.clone();
            changed[at] ^= 1;
            assertThatExceptionOfType(GeneralSecurityException.class)
                    .isThrownBy(() -> pending.finish(good.elements(), changed));
        }
        for (int length : new int[] {0, 1, proof.length - 1, proof.length + 1}) {
            byte[] resized = Arrays.copyOf(proof, length);
            assertThatExceptionOfType(GeneralSecurityException.class)
                    .isThrownBy(() -> pending.finish(good.elements(), resized));
        }
        byte[] zero = new byte[proof.length];
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> pending.finish(good.elements(), zero));
        BigInteger order = suite.group().scalars.modulus;
        byte[] unreduced = proof.clone();
        System.arraycopy(ordered(suite, order), 0, unreduced, suite.scalarLength(), suite.scalarLength());
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> pending.finish(good.elements(), unreduced));
        assertThat(pending.finish(good.elements(), proof)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithAnotherKeyIsNoticed(OprfSuite suite) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        PendingEvaluation pending = Voprf.blind(key.publicKey(), List.of(INPUT));
        Evaluation other = Voprf.blindEvaluate(OprfPrivateKey.generate(suite), pending.blindedElements());
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> pending.finish(other.elements(), other.proof()));
        assertThat(Voprf.verify(key, INPUT, Voprf.evaluate(OprfPrivateKey.generate(suite), INPUT)))
                .isFalse();
        byte[] output = Voprf.evaluate(key, INPUT);
        assertThat(Voprf.verify(key, new byte[] {1, 2, 4}, output)).isFalse();
        assertThat(Voprf.verify(key, INPUT, Arrays.copyOf(output, output.length - 1)))
                .isFalse();
        assertThat(Voprf.verify(key, INPUT, output)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void privateKeysAreScalarsBetweenZeroAndTheOrder(OprfSuite suite) throws Exception {
        BigInteger order = suite.group().scalars.modulus;
        for (BigInteger bad : List.of(BigInteger.ZERO, order, order.add(BigInteger.ONE))) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> OprfPrivateKey.parse(suite, ordered(suite, bad)));
        }
        for (int length : new int[] {0, suite.scalarLength() - 1, suite.scalarLength() + 1}) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> OprfPrivateKey.parse(suite, new byte[length]));
        }
        byte[] largest = ordered(suite, order.subtract(BigInteger.ONE));
        assertThat(OprfPrivateKey.parse(suite, largest).bytes()).isEqualTo(largest);
    }

    @Test
    void emptyBatchesSeedsOfTheWrongSizeAndHugeInputsAreRefused() {
        OprfPrivateKey key = OprfPrivateKey.generate(OprfSuite.P384_SHA384);
        assertThatIllegalArgumentException().isThrownBy(() -> Voprf.blind(key.publicKey(), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Voprf.blind(key.publicKey(), List.of(new byte[65536])));
        assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> Voprf.blindEvaluate(key, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> OprfPrivateKey.derive(key.suite(), new byte[31], INPUT));
    }

    @Test
    void nothingSecretIsPrintedAndNothingInsideCanBeChanged() throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(OprfSuite.P384_SHA384);
        assertThat(key).hasToString("OprfPrivateKey[" + key.publicKey() + "]");
        PendingEvaluation pending = Voprf.blind(key.publicKey(), List.of(INPUT.clone()));
        assertThat(pending).hasToString("PendingEvaluation[P384-SHA384, 1]");
        pending.blindedElements().get(0)[0] ^= 1;
        key.publicKey().bytes()[0] ^= 1;
        Evaluation evaluation = Voprf.blindEvaluate(key, pending.blindedElements());
        evaluation.proof()[0] ^= 1;
        evaluation.elements().get(0)[0] ^= 1;
        assertThat(pending.finish(evaluation.elements(), evaluation.proof()).get(0))
                .isEqualTo(Voprf.evaluate(key, INPUT));
        assertThat(key).isNotEqualTo(OprfPrivateKey.generate(OprfSuite.P384_SHA384));
    }
}
