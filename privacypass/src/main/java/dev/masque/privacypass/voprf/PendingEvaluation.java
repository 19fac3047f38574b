package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's half of an evaluation that is under way: its inputs, what it sent, and the secret blinds. Immutable and safe
 * for use by several threads.
 */
public final class PendingEvaluation {
    private final OprfPublicKey key;
    private final List<byte[]> inputs;
    private final List<long[]> blinds;
    private final List<byte[]> blindedElements;

    PendingEvaluation(OprfPublicKey key, List<byte[]> inputs, List<long[]> blinds, List<byte[]> blindedElements) {
        this.key = key;
        this.inputs = inputs;
        this.blinds = blinds;
        this.blindedElements = blindedElements;
    }

    /**
     * What the server gets to evaluate, in the order of the inputs.
     *
     * @return new arrays
     */
    public List<byte[]> blindedElements() {
        return blindedElements.stream().map(byte[]::clone).toList();
    }

    /**
     * Verifies the server's proof and computes the outputs (RFC 9497, 3.3.2, Finalize).
     *
     * @param evaluatedElements the server's elements, as many as there are inputs and in their order
     * @param proof the server's proof for all of them
     * @return the outputs, in the order of the inputs
     * @throws GeneralSecurityException if an element is none, their number is wrong, or the proof does not hold
     */
    public List<byte[]> finish(List<byte[]> evaluatedElements, byte[] proof) throws GeneralSecurityException {
        Protocol protocol = Protocol.of(key.suite(), Protocol.Mode.VOPRF);
        List<long[][]> evaluated = Dleq.verify(protocol, key, blindedElements, List.copyOf(evaluatedElements), proof);
        List<long[][]> unblinded = new ArrayList<>(inputs.size());
        Group group = protocol.group();
        for (int i = 0; i < inputs.size(); i++) {
            unblinded.add(group.multiples(evaluated.get(i)).times(group.scalars.inverse(blinds.get(i))));
        }
        List<byte[]> encoded = group.encode(unblinded);
        List<byte[]> outputs = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            outputs.add(protocol.output(new Transcript().field(inputs.get(i)), encoded.get(i)));
        }
        return outputs;
    }

    @Override
    public String toString() {
        return "PendingEvaluation[" + key.suite() + ", " + inputs.size() + "]";
    }
}
