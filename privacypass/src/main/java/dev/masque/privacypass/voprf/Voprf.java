package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The verifiable oblivious pseudorandom function of RFC 9497 (mode VOPRF): a client learns the function's value for its
 * inputs and that the server used its published key, the server learns nothing. Safe for use by several threads.
 *
 * <pre>{@code
 * PendingEvaluation pending = Voprf.blind(publicKey, List.of(input));
 * Evaluation evaluation = Voprf.blindEvaluate(privateKey, pending.blindedElements());
 * byte[] output = pending.finish(evaluation.elements(), evaluation.proof()).get(0);
 * Voprf.verify(privateKey, input, output); // true
 * }</pre>
 */
public final class Voprf {
    /** The most inputs of one evaluation: the proof counts them in two bytes. */
    public static final int MAX_BATCH = 65535;

    private Voprf() {}

    /**
     * Blinds inputs with fresh secrets.
     *
     * @param key the server's key
     * @param inputs 1 to {@value #MAX_BATCH} inputs of up to 65535 bytes each; they are copied
     * @return the blinded elements with the secrets that finish the evaluation
     */
    public static PendingEvaluation blind(OprfPublicKey key, List<byte[]> inputs) {
        List<long[]> blinds = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            blinds.add(key.suite().group().randomScalar());
        }
        return blind(key, inputs, blinds);
    }

    /** Blinds with given secrets, as vectors do. */
    static PendingEvaluation blind(OprfPublicKey key, List<byte[]> inputs, List<long[]> blinds) {
        if (inputs.isEmpty() || inputs.size() > MAX_BATCH) {
            throw new IllegalArgumentException("1 to 65535 inputs, not " + inputs.size());
        }
        Protocol protocol = Protocol.of(key.suite(), Protocol.Mode.VOPRF);
        List<byte[]> copies = new ArrayList<>(inputs.size());
        List<long[][]> blinded = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            byte[] input = inputs.get(i).clone();
            if (input.length > 65535) {
                throw new IllegalArgumentException("input longer than 65535 bytes");
            }
            copies.add(input);
            blinded.add(protocol.group().multiples(protocol.hashToGroup(input)).times(blinds.get(i)));
        }
        return new PendingEvaluation(key, copies, blinds, protocol.group().encode(blinded));
    }

    /**
     * Evaluates blinded elements and proves it. One call for many elements costs less than many calls, and gives one proof.
     *
     * @param key the server's key
     * @param blindedElements 1 to {@value #MAX_BATCH} elements
     * @return the evaluated elements with the proof
     * @throws GeneralSecurityException if one of them is no element or the neutral one, or their number is wrong
     */
    public static Evaluation blindEvaluate(OprfPrivateKey key, List<byte[]> blindedElements)
            throws GeneralSecurityException {
        return blindEvaluate(key, blindedElements, key.suite().group().randomScalar());
    }

    /** Evaluates with given randomness of the proof, as vectors do; it is wiped. */
    static Evaluation blindEvaluate(OprfPrivateKey key, List<byte[]> blindedElements, long[] r)
            throws GeneralSecurityException {
        if (blindedElements.isEmpty() || blindedElements.size() > MAX_BATCH) {
            throw new GeneralSecurityException("1 to 65535 elements");
        }
        return Dleq.evaluate(Protocol.of(key.suite(), Protocol.Mode.VOPRF), key, blindedElements, r);
    }

    /**
     * Computes the function with the private key.
     *
     * @param key the server's key
     * @param input up to 65535 bytes
     * @return the output, as many bytes as the suite's hash has
     */
    public static byte[] evaluate(OprfPrivateKey key, byte[] input) {
        return evaluate(Protocol.of(key.suite(), Protocol.Mode.VOPRF), key, input);
    }

    static byte[] evaluate(Protocol protocol, OprfPrivateKey key, byte[] input) {
        Group group = protocol.group();
        long[][] element = group.multiples(protocol.hashToGroup(input)).times(key.scalar());
        return protocol.output(new Transcript().field(input), group.encode(element));
    }

    /**
     * Whether an output is the function's value for an input; compares in constant time.
     *
     * @param key the server's key
     * @param input up to 65535 bytes
     * @param output what a client presents as the output
     * @return whether it is
     */
    public static boolean verify(OprfPrivateKey key, byte[] input, byte[] output) {
        return MessageDigest.isEqual(evaluate(key, input), output);
    }
}
