package dev.masque.privacypass.voprf;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A NIST curve y^2 = x^3 - 3x + b of prime order, P-384 or P-256, with elements compressed as in SEC 1 and hashing by the
 * simplified SWU map (RFC 9380, 6.6.2).
 *
 * <p>Why not Bouncy Castle's curves or the JDK's: issuance multiplies points that clients choose with a key that lives for
 * months, and neither offers a multiplication of arbitrary points that is documented as constant-time. So this is our own:
 * projective coordinates with the complete formulas of Renes, Costello and Batina (2015/1060, algorithm 4), which know no
 * exceptional cases; runs of doublings in Jacobian coordinates, where a doubling costs 8 products and not 13, with one
 * conversion each way; odd signed digits and whole-row table reads in {@link Multiples}; {@link MontgomeryField} below.
 * None of it branches on or indexes by a secret.
 */
final class WeierstrassGroup extends Group {
    private final String hash;
    private final int uniformLength; // bytes per field element or scalar: RFC 9380, 8.2 and 8.3
    private final long[] b;
    private final long[] z;
    private final long[] minusThree;
    private final long[] sqrtMinusZ;
    private final byte[] sqrtExponent; // (p + 1) / 4
    private final byte[] ratioExponent; // (p - 3) / 4
    private final long[][] base;

    private WeierstrassGroup(
            MontgomeryField field,
            BigInteger order,
            BigInteger b,
            BigInteger x,
            int z,
            String hash,
            int uniformLength) {
        super(field, order, 3);
        this.hash = hash;
        this.uniformLength = uniformLength;
        this.b = field.constant(b);
        this.z = field.constant(BigInteger.valueOf(z));
        this.minusThree = field.constant(BigInteger.valueOf(-3));
        BigInteger p = field.modulus;
        this.sqrtExponent = p.add(BigInteger.ONE).shiftRight(2).toByteArray();
        this.ratioExponent = p.subtract(BigInteger.valueOf(3)).shiftRight(2).toByteArray();
        this.sqrtMinusZ = field.pow(field.constant(BigInteger.valueOf(-z)), sqrtExponent);
        byte[] compressed = new byte[elementLength()];
        byte[] number = x.toByteArray();
        int length = Math.min(number.length, field.byteLength);
        System.arraycopy(number, number.length - length, compressed, compressed.length - length, length);
        compressed[0] = 3; // both generators have an odd y
        try {
            this.base = decode(compressed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static WeierstrassGroup p384() {
        return new WeierstrassGroup(
                new P384Field(),
                hex("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
                hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
                hex("aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"),
                -12,
                "SHA-384",
                72);
    }

    static WeierstrassGroup p256() {
        return new WeierstrassGroup(
                new P256Field(),
                hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
                hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
                hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                -10,
                "SHA-256",
                48);
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }

    @Override
    int elementLength() {
        return field.byteLength + 1;
    }

    @Override
    long[][] base() {
        return base;
    }

    @Override
    long[][] identity() {
        return new long[][] {field.zero(), field.one(), field.zero()};
    }

    @Override
    long isIdentity(long[][] element) {
        return field.isZero(element[2]);
    }

    @Override
    void negate(long mask, long[][] out) {
        field.negate(mask, out[1]);
    }

    @Override
    void add(long[][] p, long[][] q, long[][] scratch, long[][] out) {
        MontgomeryField f = field;
        long[] t0 = scratch[0];
        long[] t1 = scratch[1];
        long[] t2 = scratch[2];
        long[] t3 = scratch[3];
        long[] t4 = scratch[4];
        long[] x = scratch[5];
        long[] y = scratch[6];
        long[] w = scratch[7];
        f.mul(p[0], q[0], t0);
        f.mul(p[1], q[1], t1);
        f.mul(p[2], q[2], t2);
        f.add(p[0], p[1], t3);
        f.add(q[0], q[1], t4);
        f.mul(t3, t4, t3);
        f.sub(t3, t0, t3);
        f.sub(t3, t1, t3); // X1 Y2 + X2 Y1, weight 3
        f.add(p[1], p[2], t4);
        f.add(q[1], q[2], x);
        f.mul(t4, x, t4);
        f.sub(t4, t1, t4);
        f.sub(t4, t2, t4); // Y1 Z2 + Y2 Z1, weight 3
        f.add(p[0], p[2], x);
        f.add(q[0], q[2], y);
        f.mul(x, y, y);
        f.sub(y, t0, y);
        f.sub(y, t2, y); // X1 Z2 + X2 Z1, weight 3
        f.mul(b, t2, w);
        f.sub(y, w, x);
        f.scale(x, 3, x);
        f.carry(x);
        f.sub(t1, x, w); // weight 2
        f.add(t1, x, x);
        f.mul(b, y, y);
        f.scale(t2, 3, t2);
        f.sub(y, t2, y);
        f.sub(y, t0, y);
        f.scale(y, 3, y);
        f.carry(y);
        f.scale(t0, 3, t0);
        f.sub(t0, t2, t0);
        f.carry(t0);
        f.mul(t4, y, t1);
        f.mul(t0, y, t2);
        f.mul(x, w, y);
        f.add(y, t2, out[1]);
        f.carry(out[1]);
        f.mul(t3, x, x);
        f.sub(x, t1, out[0]);
        f.carry(out[0]);
        f.mul(t4, w, w);
        f.mul(t3, t0, t1);
        f.add(w, t1, out[2]);
        f.carry(out[2]);
    }

    @Override
    void twice(long[][] a, int times, long[][] scratch, long[][] out) {
        MontgomeryField f = field;
        long[] x = scratch[0];
        long[] y = scratch[1];
        long[] z3 = scratch[2];
        long[] alpha = scratch[3];
        long[] beta = scratch[4];
        long[] gamma = scratch[5];
        long[] delta = scratch[6];
        f.mul(a[0], a[2], x); // projective (X, Y, Z) is Jacobian (XZ, YZ^2, Z)
        f.sqr(a[2], y);
        f.mul(y, a[1], y);
        f.move(a[2], -1, z3);
        for (int i = 0; i < times; i++) { // dbl-2001-b of the Explicit-Formulas Database
            f.sqr(z3, delta);
            f.sqr(y, gamma);
            f.mul(x, gamma, beta);
            f.sub(x, delta, alpha);
            f.add(x, delta, x);
            f.mul(alpha, x, alpha);
            f.scale(alpha, 3, alpha);
            f.add(y, z3, z3);
            f.sqr(z3, z3);
            f.sub(z3, gamma, z3);
            f.sub(z3, delta, z3);
            f.carry(z3);
            f.scale(beta, 4, beta);
            f.sqr(alpha, x);
            f.sub(x, beta, x);
            f.sub(x, beta, x);
            f.carry(x);
            f.sub(beta, x, beta); // weight 5
            f.mul(alpha, beta, y);
            f.sqr(gamma, gamma);
            f.scale(gamma, 8, gamma);
            f.sub(y, gamma, y);
            f.carry(y);
        }
        f.mul(x, z3, out[0]); // Jacobian (X, Y, Z) is projective (XZ, Y, Z^3)
        f.sqr(z3, delta);
        f.move(y, -1, out[1]);
        f.mul(z3, delta, out[2]);
        f.move(f.one(), f.isZero(z3), out[1]); // the identity is (0, 1, 0)
    }

    @Override
    List<byte[]> encode(List<long[][]> elements) {
        int count = elements.size();
        long[][] products = new long[count][]; // Montgomery's trick: one inversion for all
        long[] all = field.one();
        for (int i = 0; i < count; i++) {
            products[i] = all.clone();
            field.mul(all, elements.get(i)[2], all);
        }
        if (field.isZero(all) != 0) {
            throw new IllegalArgumentException("the neutral element has no encoding");
        }
        long[] inverse = field.inverse(all);
        byte[][] out = new byte[count][];
        for (int i = count - 1; i >= 0; i--) {
            long[][] element = elements.get(i);
            long[] zInverse = products[i];
            field.mul(zInverse, inverse, zInverse);
            field.mul(inverse, element[2], inverse);
            long[] affine = field.zero();
            field.mul(element[0], zInverse, affine);
            byte[] x = field.toBytes(affine);
            field.mul(element[1], zInverse, affine);
            out[i] = new byte[elementLength()];
            out[i][0] = (byte) (2 - field.isOdd(affine));
            System.arraycopy(x, 0, out[i], 1, x.length);
        }
        return new ArrayList<>(Arrays.asList(out));
    }

    @Override
    long[][] decode(byte[] bytes) throws GeneralSecurityException {
        if (bytes.length != elementLength() || (bytes[0] != 2 && bytes[0] != 3)) {
            throw new GeneralSecurityException("not a compressed point");
        }
        byte[] number = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (!field.isCanonical(number)) {
            throw new GeneralSecurityException("coordinate out of range");
        }
        long[] x = field.reduce(number);
        long[] square = field.zero();
        field.sqr(x, square);
        field.add(square, minusThree, square);
        field.mul(square, x, square);
        field.add(square, b, square);
        field.carry(square);
        long[] y = field.pow(square, sqrtExponent);
        long[] check = field.zero();
        field.sqr(y, check);
        if (field.isEqual(check, square) == 0) {
            throw new GeneralSecurityException("not a point of the curve");
        }
        field.negate(field.isOdd(y) ^ -(bytes[0] & 1L), y);
        field.carry(y);
        return new long[][] {x, y, field.one()}; // of prime order: no cofactor, and no encoding of the identity
    }

    @Override
    long[][] hashToGroup(byte[] message, byte[] tag) {
        byte[] uniform = ExpandMessage.xmd(hash, message, tag, 2 * uniformLength);
        long[][] sum = map(field.reduce(Arrays.copyOf(uniform, uniformLength)));
        add(sum, map(field.reduce(Arrays.copyOfRange(uniform, uniformLength, uniform.length))), scratch(), sum);
        return sum;
    }

    /** encode_to_curve (RFC 9380, 3): one map only, not uniform. */
    long[][] encodeToGroup(byte[] message, byte[] tag) {
        return map(field.reduce(ExpandMessage.xmd(hash, message, tag, uniformLength)));
    }

    @Override
    long[] hashToScalar(byte[] message, byte[] tag) {
        return scalars.reduce(ExpandMessage.xmd(hash, message, tag, uniformLength));
    }

    /** map_to_curve_simple_swu (RFC 9380, F.2) with sqrt_ratio for p = 3 mod 4 (F.2.1.2), in projective coordinates. */
    private long[][] map(long[] u) {
        MontgomeryField f = field;
        long[] tv1 = f.zero();
        long[] tv2 = f.zero();
        long[] tv3 = f.zero();
        long[] tv4 = f.zero();
        long[] tv5 = f.zero();
        long[] tv6 = f.zero();
        f.sqr(u, tv1);
        f.mul(z, tv1, tv1);
        f.sqr(tv1, tv2);
        f.add(tv2, tv1, tv2);
        f.carry(tv2);
        f.add(tv2, f.one(), tv3);
        f.mul(b, tv3, tv3);
        long exceptional = f.isZero(tv2);
        f.negate(-1, tv2);
        f.move(tv2, -1, tv4);
        f.move(z, exceptional, tv4);
        f.mul(minusThree, tv4, tv4);
        f.sqr(tv3, tv2);
        f.sqr(tv4, tv6);
        f.mul(minusThree, tv6, tv5);
        f.add(tv2, tv5, tv2);
        f.mul(tv2, tv3, tv2);
        f.mul(tv6, tv4, tv6);
        f.mul(b, tv6, tv5);
        f.add(tv2, tv5, tv2);
        f.carry(tv2); // gx1 = tv2 / tv6
        long[] x = f.zero();
        f.mul(tv1, tv3, x);

        long[] t = f.zero();
        f.sqr(tv6, t);
        f.mul(tv2, tv6, tv5);
        f.mul(t, tv5, t);
        long[] y1 = f.pow(t, ratioExponent);
        f.mul(y1, tv5, y1);
        f.sqr(y1, t);
        f.mul(t, tv6, t);
        long isSquare = f.isEqual(t, tv2);
        long[] y = f.zero();
        f.mul(y1, sqrtMinusZ, y);
        f.mul(y, u, y);
        f.mul(y, tv1, y);
        f.move(tv3, isSquare, x);
        f.move(y1, isSquare, y);
        f.negate(f.isOdd(u) ^ f.isOdd(y), y);
        f.carry(y);
        f.mul(y, tv4, y);
        return new long[][] {x, y, tv4};
    }
}
