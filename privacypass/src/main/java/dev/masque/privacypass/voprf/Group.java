package dev.masque.privacypass.voprf;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of prime order (RFC 9497, 2.1). An element is an array of coordinates in {@link #field}, a scalar an element of
 * {@link #scalars}. Stateless but for a table of the generator's multiples, and safe for use by several threads.
 *
 * <p>Additions are complete: they give the right result for equal, opposite and identical operands without a branch.
 */
abstract class Group {
    private static final SecureRandom RANDOM = new SecureRandom();

    final MontgomeryField field;
    final MontgomeryField scalars;
    private final int coordinates;
    private volatile @Nullable Multiples generator;

    Group(MontgomeryField field, BigInteger order, int coordinates) {
        this.field = field;
        this.scalars = new MontgomeryField(order);
        this.coordinates = coordinates;
    }

    /** The number of bytes of an encoded element. */
    abstract int elementLength();

    abstract long[][] base();

    /** out = a + b; out may be an operand. */
    abstract void add(long[][] a, long[][] b, long[][] scratch, long[][] out);

    /** out = 2^times * a; out may be the operand. */
    abstract void twice(long[][] a, int times, long[][] scratch, long[][] out);

    /** out = -out where the mask is all ones. */
    abstract void negate(long mask, long[][] out);

    /** The coordinates of the neutral element, new arrays. */
    abstract long[][] identity();

    /** All ones for the neutral element, else zero. */
    abstract long isIdentity(long[][] element);

    /** Encodes elements, none of which is the neutral one. */
    abstract List<byte[]> encode(List<long[][]> elements);

    /** Decodes an element; refuses what is no point, not of the group, the neutral element, or not the one encoding. */
    abstract long[][] decode(byte[] bytes) throws GeneralSecurityException;

    abstract long[][] hashToGroup(byte[] message, byte[] tag);

    abstract long[] hashToScalar(byte[] message, byte[] tag);

    /** Encodes a scalar in the group's byte order. */
    byte[] encodeScalar(long[] scalar) {
        return scalars.toBytes(scalar);
    }

    /** Decodes a scalar, which must be below the order. */
    long[] decodeScalar(byte[] bytes) throws GeneralSecurityException {
        if (!scalars.isCanonical(bytes)) {
            throw new GeneralSecurityException("not a scalar");
        }
        return scalars.reduce(bytes);
    }

    /** A uniform scalar, not zero. */
    final long[] randomScalar() {
        byte[] bytes = new byte[scalars.byteLength + 16]; // the bias is below 2^-128
        while (true) {
            RANDOM.nextBytes(bytes);
            long[] scalar = scalars.reduce(bytes);
            Arrays.fill(bytes, (byte) 0);
            if (scalars.isZero(scalar) == 0) {
                return scalar;
            }
        }
    }

    final byte[] encode(long[][] element) {
        return encode(List.<long[][]>of(element)).get(0);
    }

    final long[][] scratch() {
        return new long[10][field.limbs];
    }

    final void moveIdentity(long mask, long[][] out) {
        long[][] identity = identity();
        for (int i = 0; i < coordinates; i++) {
            field.move(identity[i], mask, out[i]);
        }
    }

    /** The multiples of an element, best for one multiplication or for a sum. */
    final Multiples multiples(long[][] element) {
        return new Multiples(this, element, 5, 1);
    }

    /** The multiples of an element, best for two multiplications or more. */
    final Multiples manyMultiples(long[][] element) {
        return new Multiples(this, element, 4, 8);
    }

    /** The generator times a scalar. */
    final long[][] timesBase(long[] scalar) {
        Multiples table = generator;
        if (table == null) {
            table = new Multiples(this, base(), 4, (scalars.modulus.bitLength() + 3) / 4);
            generator = table;
        }
        return table.times(scalar);
    }
}
