package dev.masque.privacypass;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens of one key that were asked for together: the request, and the secrets that make tokens of the answer.
 * Thread-safe.
 */
public final class PendingAmortizedBatch {
    private final List<Unsigned> unsigned;
    private final Blinded blinded;

    PendingAmortizedBatch(List<Unsigned> unsigned, Blinded blinded) {
        this.unsigned = List.copyOf(unsigned);
        this.blinded = blinded;
    }

    /**
     * What the issuer gets.
     *
     * @return the request, which says nothing of the tokens
     */
    public AmortizedBatchRequest request() {
        Unsigned first = unsigned.get(0);
        return new AmortizedBatchRequest(first.type(), first.truncatedKeyId(), blinded.messages());
    }

    /**
     * Makes the tokens of the issuer's answer. They are verified.
     *
     * @param response the answer to this request
     * @return as many tokens as were asked for
     * @throws PrivacyPassException if the answer is not what the key makes of the request
     */
    public List<Token> finish(AmortizedBatchResponse response) throws PrivacyPassException {
        if (!response.type().equals(unsigned.get(0).type())
                || response.evaluated().size() != unsigned.size()) {
            throw new PrivacyPassException("an answer of another type or length");
        }
        try {
            List<Bytes> authenticators = blinded.finish(response.evaluated(), response.proof());
            List<Token> tokens = new ArrayList<>(unsigned.size());
            for (int i = 0; i < unsigned.size(); i++) {
                tokens.add(unsigned.get(i).sign(authenticators.get(i)));
            }
            return tokens;
        } catch (GeneralSecurityException e) {
            throw new PrivacyPassException("the issuer's answer is wrong", e);
        }
    }

    /** The type and number, and nothing secret. */
    @Override
    public String toString() {
        return "PendingAmortizedBatch[type=" + unsigned.get(0).type() + ", " + unsigned.size() + "]";
    }
}
