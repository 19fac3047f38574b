package dev.masque.privacypass;

import java.security.GeneralSecurityException;
import java.util.List;

/** A token that was asked for: the request, and the secret that makes a token of the answer. Thread-safe. */
public final class PendingToken {
    private final Unsigned unsigned;
    private final Blinded blinded;

    PendingToken(Unsigned unsigned, Blinded blinded) {
        this.unsigned = unsigned;
        this.blinded = blinded;
    }

    /**
     * What the issuer gets.
     *
     * @return the request, which says nothing of the token
     */
    public TokenRequest request() {
        return new TokenRequest(
                unsigned.type(), unsigned.truncatedKeyId(), blinded.messages().get(0), unsigned.extensions());
    }

    /**
     * Makes the token of the issuer's answer. It is verified.
     *
     * @param response the answer to this request
     * @return the token
     * @throws PrivacyPassException if the answer is not what the key makes of the request
     */
    public Token finish(TokenResponse response) throws PrivacyPassException {
        if (!response.type().equals(unsigned.type())) {
            throw new PrivacyPassException("an answer of another type");
        }
        try {
            return unsigned.sign(blinded.finish(List.of(response.evaluated()), response.proof())
                    .get(0));
        } catch (GeneralSecurityException e) {
            throw new PrivacyPassException("the issuer's answer is wrong", e);
        }
    }

    /** The type, and nothing secret. */
    @Override
    public String toString() {
        return "PendingToken[type=" + unsigned.type() + "]";
    }
}
