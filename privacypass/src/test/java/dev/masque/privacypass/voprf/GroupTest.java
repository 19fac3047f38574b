package dev.masque.privacypass.voprf;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GroupTest {
    private static BigInteger random(SplittableRandom random, BigInteger bound) {
        byte[] bytes = new byte[bound.bitLength() / 8 + 16];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).mod(bound);
    }

    /** Scalars that reach every corner of the recoding, and random ones. */
    private static Stream<BigInteger> scalars(Group group, SplittableRandom random) {
        BigInteger n = group.scalars.modulus;
        Stream<BigInteger> corners = Stream.of(0, 1, 2, 3, 4, 15, 16, 17, 30, 31, 32, 33, 62)
                .map(BigInteger::valueOf)
                .flatMap(small -> Stream.of(
                        small, n.subtract(small).mod(n), n.shiftRight(1).subtract(small)));
        Stream<BigInteger> powers = Stream.of(47, 48, 96, 192, 240, 250, 252)
                .map(bit -> BigInteger.ONE.shiftLeft(bit).mod(n));
        return Stream.of(
                        corners,
                        powers,
                        Stream.generate(() -> random(random, n)).limit(40))
                .flatMap(each -> each);
    }

    private static byte[] compressed(Group group, long[][] point) {
        return group.isIdentity(point) != 0 ? new byte[1] : group.encode(point);
    }

    @ParameterizedTest
    @CsvSource({"P384_SHA384, secp384r1, 1", "P256_SHA256, secp256r1, 2"})
    void multiplicationAgreesWithBouncyCastle(OprfSuite suite, String curve, long seed) throws Exception {
        Group group = suite.group();
        var reference = CustomNamedCurves.getByName(curve);
        SplittableRandom random = new SplittableRandom(seed);
        for (BigInteger k : scalars(group, random).toList()) {
            ECPoint expectedBase = reference.getG().multiply(random(random, reference.getN()));
            long[][] point = group.decode(expectedBase.getEncoded(true));
            long[] scalar = group.scalars.constant(k);
            byte[] expected = expectedBase.multiply(k).getEncoded(true);
            assertThat(compressed(group, group.multiples(point).times(scalar))).isEqualTo(expected);
            assertThat(compressed(group, group.manyMultiples(point).times(scalar)))
                    .isEqualTo(expected);
            assertThat(compressed(group, group.timesBase(scalar)))
                    .isEqualTo(reference.getG().multiply(k).getEncoded(true));
            long[] other = group.scalars.constant(random(random, reference.getN()));
            long[][] sum = Multiples.sum(
                    List.of(group.multiples(point), group.multiples(group.base())), List.of(scalar, other));
            BigInteger otherNumber = new BigInteger(1, group.scalars.toBytes(other));
            assertThat(compressed(group, sum))
                    .isEqualTo(expectedBase
                            .multiply(k)
                            .add(reference.getG().multiply(otherNumber))
                            .getEncoded(true));
        }
    }

    @ParameterizedTest
    @EnumSource
    void multiplicationIsLinearInEveryGroup(OprfSuite suite) {
        Group group = suite.group();
        SplittableRandom random = new SplittableRandom(3);
        long[][] point = group.timesBase(group.scalars.constant(random(random, group.scalars.modulus)));
        for (BigInteger k : scalars(group, random).toList()) {
            BigInteger l = random(random, group.scalars.modulus);
            long[][] sum = group.multiples(point).times(group.scalars.constant(k));
            group.add(sum, group.manyMultiples(point).times(group.scalars.constant(l)), group.scratch(), sum);
            long[][] expected = group.multiples(point).times(group.scalars.constant(k.add(l)));
            assertThat(compressed(group, sum)).isEqualTo(compressed(group, expected));
        }
    }

    @ParameterizedTest
    @EnumSource
    void additionKnowsNoExceptions(OprfSuite suite) {
        Group group = suite.group();
        long[][] scratch = group.scratch();
        long[][] identity = group.identity();
        long[][] base = group.base();
        long[][] out = group.identity();
        group.add(identity, identity, scratch, out);
        assertThat(group.isIdentity(out)).isEqualTo(-1);
        group.twice(identity, 5, scratch, out);
        assertThat(group.isIdentity(out)).isEqualTo(-1);
        group.add(out, base, scratch, out);
        assertThat(group.encode(out)).isEqualTo(group.encode(base));
        group.add(base, identity, scratch, out);
        assertThat(group.encode(out)).isEqualTo(group.encode(base));
        long[][] negative = group.identity();
        group.add(base, identity, scratch, negative);
        group.negate(-1, negative);
        group.add(base, negative, scratch, out);
        assertThat(group.isIdentity(out)).isEqualTo(-1);
        long[][] doubled = group.identity();
        group.add(base, base, scratch, out);
        group.twice(base, 1, scratch, doubled);
        assertThat(group.encode(out)).isEqualTo(group.encode(doubled));
        assertThat(group.encode(out)).isEqualTo(group.encode(group.timesBase(group.scalars.constant(BigInteger.TWO))));
    }

    static Stream<MontgomeryField> fields() {
        return Stream.of(OprfSuite.values()).flatMap(suite -> Stream.of(suite.group().field, suite.group().scalars));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("fields")
    void fieldArithmeticAgreesWithBigInteger(MontgomeryField f) {
        BigInteger p = f.modulus;
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 400; i++) {
            BigInteger x = i < 8 ? p.subtract(BigInteger.valueOf(i)).mod(p) : random(random, p);
            BigInteger y = i % 8 == 0 ? BigInteger.valueOf(i / 8) : random(random, p);
            long[] a = f.constant(x);
            long[] b = f.constant(y);
            long[] out = f.zero();
            f.mul(a, b, out);
            assertThat(number(f, out)).isEqualTo(x.multiply(y).mod(p));
            f.sqr(a, out);
            assertThat(number(f, out)).isEqualTo(x.multiply(x).mod(p));
            f.sub(a, b, out);
            long[] sum = f.zero();
            f.add(a, b, sum);
            f.mul(out, sum, out);
            assertThat(number(f, out))
                    .isEqualTo(x.subtract(y).multiply(x.add(y)).mod(p));
            f.scale(a, 4, out);
            f.scale(b, -4, sum);
            f.mul(out, sum, out); // the largest weights that are allowed
            assertThat(number(f, out))
                    .isEqualTo(x.multiply(y).multiply(BigInteger.valueOf(-16)).mod(p));
            f.scale(a, 4, out);
            f.sqr(out, out);
            assertThat(number(f, out)).isEqualTo(x.multiply(x).shiftLeft(4).mod(p));
            assertThat(f.isEqual(a, b)).isEqualTo(x.equals(y) ? -1 : 0);
            assertThat(f.isZero(a)).isEqualTo(x.signum() == 0 ? -1 : 0);
            assertThat(f.isOdd(a)).isEqualTo(x.testBit(0) ? -1 : 0);
            assertThat(number(f, f.inverse(a))).isEqualTo(x.signum() == 0 ? BigInteger.ZERO : x.modInverse(p));
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("fields")
    void limbsAtTheEdgeOfTheirRangeDoNotOverflow(MontgomeryField f) {
        long[] edge = f.zero();
        java.util.Arrays.fill(edge, 4 * MontgomeryField.MASK);
        edge[f.limbs - 1] = 1L << (f.modulus.bitLength() - 56 * (f.limbs - 1) + 2);
        long[] negative = edge.clone();
        f.negate(-1, negative);
        BigInteger r = BigInteger.ONE.shiftLeft(56 * f.limbs).modInverse(f.modulus);
        BigInteger value = BigInteger.ZERO;
        for (int i = f.limbs - 1; i >= 0; i--) {
            value = value.shiftLeft(56).add(BigInteger.valueOf(edge[i]));
        }
        BigInteger square = value.multiply(value).multiply(r).multiply(r).mod(f.modulus);
        long[] out = f.zero();
        f.mul(edge, edge, out);
        assertThat(number(f, out)).isEqualTo(square);
        f.sqr(edge, out);
        assertThat(number(f, out)).isEqualTo(square);
        f.mul(edge, negative, out);
        assertThat(number(f, out)).isEqualTo(square.negate().mod(f.modulus));
        f.sqr(negative, out);
        assertThat(number(f, out)).isEqualTo(square);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("fields")
    void longNumbersAreReducedAndOnlySmallOnesAreCanonical(MontgomeryField f) {
        SplittableRandom random = new SplittableRandom(5);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(number(f, f.reduce(bytes))).isEqualTo(new BigInteger(1, bytes).mod(f.modulus));
        }
        for (int i = -2; i <= 2; i++) {
            byte[] number = f.modulus.add(BigInteger.valueOf(i)).toByteArray();
            byte[] exact = new byte[f.byteLength];
            System.arraycopy(number, number.length - exact.length, exact, 0, exact.length);
            assertThat(f.isCanonical(exact)).isEqualTo(i < 0);
        }
        assertThat(f.isCanonical(new byte[f.byteLength])).isTrue();
        assertThat(f.isCanonical(new byte[f.byteLength + 1])).isFalse();
        assertThat(f.isCanonical(new byte[f.byteLength - 1])).isFalse();
    }

    private static BigInteger number(MontgomeryField f, long[] element) {
        return new BigInteger(1, f.toBytes(element));
    }
}
