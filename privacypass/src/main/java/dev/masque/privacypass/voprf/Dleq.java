package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Evaluates elements with a private key and proves that all were evaluated with that key (RFC 9497, 2.2): M and Z are the
 * sums of the elements before and after, each times its factor; the proof shows that log(B) = log(Z) to the bases A and M.
 */
final class Dleq {
    private Dleq() {}

    /** Evaluates and proves, with r as the proof's randomness, which is wiped. */
    static Evaluation evaluate(Protocol protocol, OprfPrivateKey key, List<byte[]> blinded, long[] r)
            throws GeneralSecurityException {
        Group group = protocol.group();
        byte[] publicKey = key.publicKey().bytes();
        long[] k = key.scalar();
        List<long[][]> c = protocol.decode(blinded);
        long[][] t2 = group.timesBase(r);
        List<long[][]> points; // M, Z, t2, t3
        List<byte[]> evaluated;
        if (c.size() == 1) { // everything is a multiple of the one element: its table and doublings serve four times
            Multiples multiples = group.manyMultiples(c.get(0));
            evaluated = List.of(group.encode(multiples.times(k)));
            long[] d = protocol.factors(publicKey, blinded, evaluated).get(0);
            long[] kd = group.scalars.zero();
            long[] rd = group.scalars.zero();
            group.scalars.mul(k, d, kd);
            group.scalars.mul(r, d, rd);
            points = List.of(multiples.times(d), multiples.times(kd), t2, multiples.times(rd));
            Arrays.fill(kd, 0);
            Arrays.fill(rd, 0);
        } else {
            boolean small = c.size() < 4; // from here on, doublings shared by the sum cost less
            List<Multiples> tables = new ArrayList<>(c.size());
            List<long[][]> products = new ArrayList<>(c.size());
            for (long[][] element : c) {
                Multiples multiples = small ? group.manyMultiples(element) : group.multiples(element);
                tables.add(multiples);
                products.add(multiples.times(k));
            }
            evaluated = group.encode(products);
            long[][] m = Multiples.sum(tables, protocol.factors(publicKey, blinded, evaluated));
            Multiples multiples = group.manyMultiples(m);
            points = List.of(m, multiples.times(k), t2, multiples.times(r));
        }
        long[] challenge = protocol.challenge(publicKey, group.encode(points));
        byte[] proof = protocol.proof(challenge, r, k);
        Arrays.fill(r, 0);
        return new Evaluation(evaluated, proof);
    }

    /**
     * Verifies a proof.
     *
     * @return the decoded evaluated elements
     */
    static List<long[][]> verify(
            Protocol protocol, OprfPublicKey key, List<byte[]> blinded, List<byte[]> evaluated, byte[] proof)
            throws GeneralSecurityException {
        Group group = protocol.group();
        int scalarLength = protocol.suite.scalarLength();
        if (evaluated.size() != blinded.size() || proof.length != 2 * scalarLength) {
            throw new GeneralSecurityException("evaluation of the wrong size");
        }
        byte[] challenge = Arrays.copyOf(proof, scalarLength);
        long[] c = group.decodeScalar(challenge);
        long[] s = group.decodeScalar(Arrays.copyOfRange(proof, scalarLength, proof.length));
        List<long[][]> before = protocol.decode(blinded);
        List<long[][]> after = protocol.decode(evaluated);
        List<long[]> factors = protocol.factors(key.bytes(), blinded, evaluated);
        long[][] m = sum(group, before, factors);
        long[][] z = sum(group, after, factors);
        long[][] t2 = group.timesBase(s);
        group.add(t2, group.multiples(key.element()).times(c), group.scratch(), t2);
        long[][] t3 = sum(group, List.of(m, z), List.of(s, c));
        for (long[][] point : List.of(m, z, t2, t3)) {
            if (group.isIdentity(point) != 0) {
                throw new GeneralSecurityException("proof does not hold");
            }
        }
        long[] expected = protocol.challenge(key.bytes(), group.encode(List.of(m, z, t2, t3)));
        if (!MessageDigest.isEqual(group.encodeScalar(expected), challenge)) {
            throw new GeneralSecurityException("proof does not hold");
        }
        return after;
    }

    private static long[][] sum(Group group, List<long[][]> elements, List<long[]> scalars) {
        return Multiples.sum(elements.stream().map(group::multiples).toList(), scalars);
    }
}
