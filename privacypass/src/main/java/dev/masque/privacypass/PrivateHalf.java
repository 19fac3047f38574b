package dev.masque.privacypass;

import dev.masque.privacypass.blindrsa.BlindRsaPrivateKey;
import dev.masque.privacypass.blindrsa.PartiallyBlindRsa;
import dev.masque.privacypass.voprf.Evaluation;
import dev.masque.privacypass.voprf.OprfPrivateKey;
import dev.masque.privacypass.voprf.Voprf;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.util.List;

/** What can be done with an issuer's private key. Thread-safe; shows nothing of the key. */
abstract sealed class PrivateHalf {
    private final TokenKey tokenKey;

    private PrivateHalf(TokenKey tokenKey) {
        this.tokenKey = tokenKey;
    }

    /** Draws a key. Takes long for partially blind RSA, which needs safe primes. */
    static PrivateHalf generate(TokenType type) {
        type.requireLayout();
        if (type.amortizes()) {
            return new Oprf(type, OprfPrivateKey.generate(PublicHalf.suite(type)));
        }
        return new Rsa(type, type.extended() ? PartiallyBlindRsa.generate() : BlindRsaPrivateKey.generate());
    }

    /**
     * Takes a key in: a scalar as in RFC 9497, or PKCS #8 for the RSA types.
     *
     * @throws InvalidKeyException if it is not a key of the type
     */
    static PrivateHalf parse(TokenType type, byte[] encoded) throws InvalidKeyException {
        if (type.layout() == null) {
            throw new InvalidKeyException("unknown token type");
        }
        return type.amortizes()
                ? new Oprf(type, OprfPrivateKey.parse(PublicHalf.suite(type), encoded))
                : new Rsa(type, BlindRsaPrivateKey.parse(encoded));
    }

    /**
     * The same key with the private operations of a provider, where it has some.
     *
     * @throws InvalidKeyException if the provider has none that work
     */
    PrivateHalf using(Provider provider) throws InvalidKeyException {
        return this;
    }

    TokenKey tokenKey() {
        return tokenKey;
    }

    /** The key as {@link #parse} reads it. */
    abstract byte[] encoded();

    /**
     * What the key makes of blinded messages of its type.
     *
     * @throws GeneralSecurityException if one of them is none
     */
    abstract Answer evaluate(List<Bytes> blinded, Extensions extensions) throws GeneralSecurityException;

    /** Whether a token was made with this key. */
    abstract boolean verify(Token token);

    @Override
    public final String toString() {
        return "PrivateHalf[" + tokenKey.type() + "]";
    }

    /** Evaluated messages with a proof for all, which is empty for the RSA types. */
    record Answer(List<Bytes> evaluated, Bytes proof) {}

    private static final class Rsa extends PrivateHalf {
        private static final Bytes NO_PROOF = Bytes.copyOf(new byte[0]);

        private final BlindRsaPrivateKey key;
        private final PublicHalf publicHalf;

        Rsa(TokenType type, BlindRsaPrivateKey key) {
            super(new TokenKey(type, Bytes.copyOf(key.publicKey().spki())));
            this.key = key;
            this.publicHalf =
                    type.extended() ? new PublicHalf.PartialRsa(key.publicKey()) : new PublicHalf.Rsa(key.publicKey());
        }

        @Override
        PrivateHalf using(Provider provider) throws InvalidKeyException {
            TokenType type = tokenKey().type();
            return type.extended()
                    ? this
                    : new Rsa(type, key.using(provider)); // else it signs with keys that it derives
        }

        @Override
        byte[] encoded() {
            return key.pkcs8();
        }

        @Override
        Answer evaluate(List<Bytes> blinded, Extensions extensions) throws GeneralSecurityException {
            byte[] message = blinded.get(0).toArray();
            byte[] signature = tokenKey().type().extended()
                    ? PartiallyBlindRsa.blindSign(key, extensions.encode().toArray(), message)
                    : key.blindSign(message);
            return new Answer(List.of(Bytes.copyOf(signature)), NO_PROOF);
        }

        @Override
        boolean verify(Token token) {
            return publicHalf.verify(token);
        }
    }

    private static final class Oprf extends PrivateHalf {
        private final OprfPrivateKey key;

        Oprf(TokenType type, OprfPrivateKey key) {
            super(new TokenKey(type, Bytes.copyOf(key.publicKey().bytes())));
            this.key = key;
        }

        @Override
        byte[] encoded() {
            return key.bytes();
        }

        @Override
        Answer evaluate(List<Bytes> blinded, Extensions extensions) throws GeneralSecurityException {
            Evaluation evaluation = Voprf.blindEvaluate(key, Blinded.arrays(blinded));
            return new Answer(Blinded.bytes(evaluation.elements()), Bytes.copyOf(evaluation.proof()));
        }

        @Override
        boolean verify(Token token) {
            return Voprf.verify(
                    key,
                    token.authenticatorInput().toArray(),
                    token.authenticator().toArray());
        }
    }
}
