package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The functions of RFC 9497 for one suite and mode: hashing with domain separation, keys, finalization, and the discrete
 * logarithm equality proof of 2.2. Stateless, for any number of threads.
 */
final class Protocol {
    private static final Map<OprfSuite, Protocol> PLAIN = all(Mode.OPRF);
    private static final Map<OprfSuite, Protocol> VERIFIABLE = all(Mode.VOPRF);

    /** Modes with their identifiers (RFC 9497, 3.1). */
    enum Mode {
        OPRF(0),
        VOPRF(1);

        private final int id;

        Mode(int id) {
            this.id = id;
        }
    }

    final OprfSuite suite;
    private final byte[] hashToGroupTag;
    private final byte[] hashToScalarTag;
    private final byte[] deriveTag;
    private final byte[] seedTag;

    private Protocol(OprfSuite suite, Mode mode) {
        this.suite = suite;
        byte[] context = new Transcript()
                .label("OPRFV1-")
                .raw(mode.id)
                .label("-" + suite)
                .bytes();
        this.hashToGroupTag =
                new Transcript().label("HashToGroup-").raw(context).bytes();
        this.hashToScalarTag =
                new Transcript().label("HashToScalar-").raw(context).bytes();
        this.deriveTag = new Transcript().label("DeriveKeyPair").raw(context).bytes();
        this.seedTag = new Transcript().label("Seed-").raw(context).bytes();
    }

    static Protocol of(OprfSuite suite, Mode mode) {
        return Objects.requireNonNull((mode == Mode.OPRF ? PLAIN : VERIFIABLE).get(suite));
    }

    private static Map<OprfSuite, Protocol> all(Mode mode) {
        Map<OprfSuite, Protocol> protocols = new EnumMap<>(OprfSuite.class);
        for (OprfSuite suite : OprfSuite.values()) {
            protocols.put(suite, new Protocol(suite, mode));
        }
        return protocols;
    }

    Group group() {
        return suite.group();
    }

    long[][] hashToGroup(byte[] input) {
        long[][] element = group().hashToGroup(input, hashToGroupTag);
        if (group().isIdentity(element) != 0) {
            throw new IllegalArgumentException("input that hashes to the neutral element"); // nobody can find one
        }
        return element;
    }

    long[] hashToScalar(byte[] input) {
        return group().hashToScalar(input, hashToScalarTag);
    }

    /** DeriveKeyPair (RFC 9497, 3.2.1): a scalar, not zero. */
    long[] deriveKey(byte[] seed, byte[] info) {
        for (int counter = 0; counter <= 255; counter++) {
            byte[] input = new Transcript().raw(seed).field(info).raw(counter).bytes();
            long[] scalar = group().hashToScalar(input, deriveTag);
            if (group().scalars.isZero(scalar) == 0) {
                return scalar;
            }
        }
        throw new IllegalArgumentException("seed that gives no key"); // nobody can find one
    }

    /** The output for an input and its evaluated element. */
    byte[] output(Transcript inputs, byte[] element) {
        return ExpandMessage.digest(suite.hash())
                .digest(inputs.field(element).label("Finalize").bytes());
    }

    /** ComputeComposites (RFC 9497, 2.2.1): the factor of each pair, which both sides know. */
    List<long[]> factors(byte[] publicKey, List<byte[]> c, List<byte[]> d) {
        byte[] seed = ExpandMessage.digest(suite.hash())
                .digest(new Transcript().field(publicKey).field(seedTag).bytes());
        List<long[]> factors = new ArrayList<>(c.size());
        for (int i = 0; i < c.size(); i++) {
            factors.add(hashToScalar(new Transcript()
                    .field(seed)
                    .number(i)
                    .field(c.get(i))
                    .field(d.get(i))
                    .label("Composite")
                    .bytes()));
        }
        return factors;
    }

    long[] challenge(byte[] publicKey, List<byte[]> points) {
        Transcript transcript = new Transcript().field(publicKey);
        points.forEach(transcript::field);
        return hashToScalar(transcript.label("Challenge").bytes());
    }

    /** The proof as bytes: c, then s = r - c * k. */
    byte[] proof(long[] c, long[] r, long[] k) {
        MontgomeryField scalars = group().scalars;
        long[] s = scalars.zero();
        scalars.mul(c, k, s);
        scalars.sub(r, s, s);
        scalars.carry(s);
        return new Transcript()
                .raw(group().encodeScalar(c))
                .raw(group().encodeScalar(s))
                .bytes();
    }

    List<long[][]> decode(List<byte[]> elements) throws GeneralSecurityException {
        List<long[][]> out = new ArrayList<>(elements.size());
        for (byte[] element : elements) {
            out.add(group().decode(element));
        }
        return out;
    }
}
