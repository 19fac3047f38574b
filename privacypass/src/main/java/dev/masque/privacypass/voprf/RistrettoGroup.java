package dev.masque.privacypass.voprf;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * ristretto255 (RFC 9496) on the twisted Edwards curve -x^2 + y^2 = 1 + d x^2 y^2, in extended coordinates (X, Y, Z, T). The
 * curve's addition is complete, and nothing branches on or indexes by a secret.
 */
final class RistrettoGroup extends Group {
    private static final BigInteger P = Field25519.P;
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final long[] d;
    private final long[] twiceD;
    private final long[] sqrtMinusOne;
    private final long[] sqrtAdMinusOne;
    private final long[] inverseSqrtAMinusD;
    private final long[] oneMinusDSquared;
    private final long[] dMinusOneSquared;
    private final byte[] ratioExponent; // (p - 5) / 8
    private final long[][] base;

    RistrettoGroup() {
        super(new Field25519(), ORDER, 4);
        BigInteger number = BigInteger.valueOf(-121665)
                .multiply(BigInteger.valueOf(121666).modInverse(P))
                .mod(P);
        BigInteger less = number.subtract(BigInteger.ONE);
        this.d = field.constant(number);
        this.twiceD = field.constant(number.shiftLeft(1));
        this.sqrtMinusOne =
                field.constant(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P));
        this.oneMinusDSquared = field.constant(BigInteger.ONE.subtract(number.multiply(number)));
        this.dMinusOneSquared = field.constant(less.multiply(less));
        this.ratioExponent = P.subtract(BigInteger.valueOf(5)).shiftRight(3).toByteArray();
        // RFC 9496, 4.1: sqrt(a d - 1) is the root that is odd there, 1 / sqrt(a - d) the even one
        this.sqrtAdMinusOne = field.constant(
                new BigInteger("25063068953384623474111414158702152701244531502492656460079210482610430750235"));
        this.inverseSqrtAMinusD = field.constant(
                new BigInteger("54469307008909316920995813868745141605393597292927456921205312896311721017578"));
        try {
            this.base = decode(encodeBase());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encodeBase() {
        return HexFormat.of().parseHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");
    }

    @Override
    int elementLength() {
        return 32;
    }

    @Override
    long[][] base() {
        return base;
    }

    @Override
    long[][] identity() {
        return new long[][] {field.zero(), field.one(), field.one(), field.zero()};
    }

    /** The class of the identity are the four points with x = 0 or y = 0. */
    @Override
    long isIdentity(long[][] element) {
        return field.isZero(element[0]) | field.isZero(element[1]);
    }

    @Override
    void negate(long mask, long[][] out) {
        field.negate(mask, out[0]);
        field.negate(mask, out[3]);
    }

    /** add-2008-hwcd-3 of the Explicit-Formulas Database. */
    @Override
    void add(long[][] p, long[][] q, long[][] scratch, long[][] out) {
        MontgomeryField f = field;
        long[] a = scratch[0];
        long[] b = scratch[1];
        long[] c = scratch[2];
        long[] z = scratch[3];
        long[] t = scratch[4];
        f.sub(p[1], p[0], a);
        f.sub(q[1], q[0], t);
        f.mul(a, t, a);
        f.add(p[1], p[0], b);
        f.add(q[1], q[0], t);
        f.mul(b, t, b);
        f.mul(p[3], q[3], c);
        f.mul(c, twiceD, c);
        f.mul(p[2], q[2], z);
        f.scale(z, 2, z);
        f.sub(b, a, t); // E
        f.add(b, a, a); // H
        f.sub(z, c, b); // F, weight 3
        f.add(z, c, z); // G, weight 3
        f.mul(t, b, out[0]);
        f.mul(z, a, out[1]);
        f.mul(b, z, out[2]);
        f.mul(t, a, out[3]);
    }

    /** dbl-2008-hwcd, which does not read T; only the last doubling writes it. */
    @Override
    void twice(long[][] p, int times, long[][] scratch, long[][] out) {
        MontgomeryField f = field;
        long[] a = scratch[0];
        long[] b = scratch[1];
        long[] c = scratch[2];
        long[] e = scratch[3];
        long[] g = scratch[4];
        long[][] from = p;
        for (int i = 0; i < times; i++) {
            f.add(from[0], from[1], e);
            f.sqr(e, e);
            f.sqr(from[0], a);
            f.sqr(from[1], b);
            f.sqr(from[2], c);
            f.scale(c, 2, c);
            f.sub(a, b, g); // weight 2
            f.add(a, b, b); // H, weight 2
            f.sub(b, e, e); // weight 3
            f.add(c, g, c); // F, weight 4
            f.mul(e, c, out[0]);
            f.mul(g, b, out[1]);
            f.mul(c, g, out[2]);
            if (i == times - 1) {
                f.mul(e, b, out[3]);
            }
            from = out;
        }
    }

    @Override
    List<byte[]> encode(List<long[][]> elements) {
        List<byte[]> out = new ArrayList<>(elements.size());
        for (long[][] element : elements) {
            if (isIdentity(element) != 0) {
                throw new IllegalArgumentException("the neutral element is not encoded");
            }
            out.add(encodeOne(element));
        }
        return out;
    }

    /** RFC 9496, 4.3.2. */
    private byte[] encodeOne(long[][] element) {
        MontgomeryField f = field;
        long[] x = element[0].clone();
        long[] y = element[1].clone();
        long[] z = element[2];
        long[] u1 = f.zero();
        long[] u2 = f.zero();
        long[] t = f.zero();
        f.add(z, y, u1);
        f.sub(z, y, t);
        f.mul(u1, t, u1);
        f.mul(x, y, u2);
        f.sqr(u2, t);
        f.mul(u1, t, t);
        long[] inverse = f.zero();
        sqrtRatio(f.one(), t, inverse);
        long[] den1 = f.zero();
        long[] den2 = f.zero();
        f.mul(inverse, u1, den1);
        f.mul(inverse, u2, den2);
        long[] zInverse = f.zero();
        f.mul(den1, den2, zInverse);
        f.mul(zInverse, element[3], zInverse);
        f.mul(element[3], zInverse, t);
        long rotate = f.isOdd(t);
        long[] ix = f.zero();
        long[] iy = f.zero();
        f.mul(x, sqrtMinusOne, ix);
        f.mul(y, sqrtMinusOne, iy);
        f.mul(den1, inverseSqrtAMinusD, den1);
        f.move(iy, rotate, x);
        f.move(ix, rotate, y);
        f.move(den1, rotate, den2);
        f.mul(x, zInverse, t);
        f.negate(f.isOdd(t), y);
        f.sub(z, y, t);
        f.mul(den2, t, t);
        f.negate(f.isOdd(t), t);
        return reverse(f.toBytes(t));
    }

    /** RFC 9496, 4.3.1. */
    @Override
    long[][] decode(byte[] bytes) throws GeneralSecurityException {
        MontgomeryField f = field;
        byte[] number = reverse(bytes);
        if (bytes.length != 32 || !f.isCanonical(number) || (bytes[0] & 1) != 0) {
            throw new GeneralSecurityException("not an element's encoding");
        }
        long[] s = f.reduce(number);
        long[] ss = f.zero();
        f.sqr(s, ss);
        long[] u1 = f.zero();
        long[] u2 = f.zero();
        f.sub(f.one(), ss, u1);
        f.add(f.one(), ss, u2);
        f.carry(u1);
        f.carry(u2);
        long[] u2Squared = f.zero();
        f.sqr(u2, u2Squared);
        long[] v = f.zero();
        f.sqr(u1, v);
        f.mul(v, d, v);
        f.negate(-1, v);
        f.sub(v, u2Squared, v);
        long[] t = f.zero();
        f.mul(v, u2Squared, t);
        long[] inverse = f.zero();
        long square = sqrtRatio(f.one(), t, inverse);
        long[] denX = f.zero();
        long[] denY = f.zero();
        f.mul(inverse, u2, denX);
        f.mul(inverse, denX, denY);
        f.mul(denY, v, denY);
        long[] x = f.zero();
        long[] y = f.zero();
        f.scale(s, 2, x);
        f.mul(x, denX, x);
        f.negate(f.isOdd(x), x);
        f.carry(x);
        f.mul(u1, denY, y);
        f.mul(x, y, t);
        if (square == 0 || f.isOdd(t) != 0 || f.isZero(y) != 0 || f.isZero(x) != 0) { // x = 0: the neutral element
            throw new GeneralSecurityException("not an element");
        }
        return new long[][] {x, y, f.one(), t};
    }

    @Override
    long[][] hashToGroup(byte[] message, byte[] tag) {
        byte[] uniform = ExpandMessage.xmd("SHA-512", message, tag, 64);
        return fromUniform(uniform);
    }

    /** Two maps, added (RFC 9496, 4.3.4). */
    long[][] fromUniform(byte[] uniform) {
        long[][] sum = map(half(uniform, 0));
        add(sum, map(half(uniform, 32)), scratch(), sum);
        return sum;
    }

    private long[] half(byte[] uniform, int from) {
        byte[] number = reverse(Arrays.copyOfRange(uniform, from, from + 32));
        number[0] &= 0x7f;
        return field.reduce(number);
    }

    /** MAP of RFC 9496, 4.3.4. */
    private long[][] map(long[] t) {
        MontgomeryField f = field;
        long[] one = f.one();
        long[] r = f.zero();
        f.sqr(t, r);
        f.mul(r, sqrtMinusOne, r);
        long[] u = f.zero();
        f.add(r, one, u);
        f.mul(u, oneMinusDSquared, u);
        long[] v = f.zero();
        long[] w = f.zero();
        f.mul(r, d, v);
        f.add(v, one, v);
        f.negate(-1, v); // -1 - r d
        f.add(r, d, w);
        f.mul(v, w, v);
        long[] s = f.zero();
        long square = sqrtRatio(u, v, s);
        long[] s2 = f.zero();
        f.mul(s, t, s2);
        f.negate(~f.isOdd(s2), s2); // -|s t|
        f.carry(s2);
        f.move(s2, ~square, s);
        long[] c = f.constant(BigInteger.ONE.negate());
        f.move(r, ~square, c);
        long[] n = f.zero();
        f.sub(r, one, n);
        f.mul(c, n, n);
        f.mul(n, dMinusOneSquared, n);
        f.sub(n, v, n);
        long[] w0 = f.zero();
        long[] w1 = f.zero();
        long[] w2 = f.zero();
        long[] w3 = f.zero();
        f.scale(s, 2, w0);
        f.mul(w0, v, w0);
        f.mul(n, sqrtAdMinusOne, w1);
        f.sqr(s, s2);
        f.sub(one, s2, w2);
        f.add(one, s2, w3);
        long[][] out = identity();
        f.mul(w0, w3, out[0]);
        f.mul(w2, w1, out[1]);
        f.mul(w1, w3, out[2]);
        f.mul(w0, w2, out[3]);
        return out;
    }

    /** SQRT_RATIO_M1 (RFC 9496, 4.2): out is the root that is not negative; all ones if u / v is a square. */
    private long sqrtRatio(long[] u, long[] v, long[] out) {
        MontgomeryField f = field;
        long[] v3 = f.zero();
        long[] t = f.zero();
        f.sqr(v, v3);
        f.mul(v3, v, v3);
        f.sqr(v3, t);
        f.mul(t, v, t);
        f.mul(t, u, t); // u v^7
        long[] r = f.pow(t, ratioExponent);
        f.mul(r, v3, r);
        f.mul(r, u, r);
        long[] check = f.zero();
        f.sqr(r, check);
        f.mul(check, v, check);
        long[] minusU = u.clone();
        f.negate(-1, minusU);
        long[] minusUi = f.zero();
        f.mul(minusU, sqrtMinusOne, minusUi);
        long correct = f.isEqual(check, u);
        long flipped = f.isEqual(check, minusU);
        long flippedI = f.isEqual(check, minusUi);
        f.mul(r, sqrtMinusOne, t);
        f.move(t, flipped | flippedI, r);
        f.negate(f.isOdd(r), r);
        f.carry(r);
        f.move(r, -1, out);
        return correct | flipped;
    }

    @Override
    long[] hashToScalar(byte[] message, byte[] tag) {
        return scalars.reduce(reverse(ExpandMessage.xmd("SHA-512", message, tag, 64)));
    }

    @Override
    byte[] encodeScalar(long[] scalar) {
        return reverse(super.encodeScalar(scalar));
    }

    @Override
    long[] decodeScalar(byte[] bytes) throws GeneralSecurityException {
        return super.decodeScalar(reverse(bytes));
    }

    private static byte[] reverse(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }
}
