package dev.masque.privacypass;

import dev.masque.privacypass.blindrsa.BlindRsa;
import dev.masque.privacypass.blindrsa.BlindRsaPublicKey;
import dev.masque.privacypass.blindrsa.PartiallyBlindRsa;
import dev.masque.privacypass.voprf.OprfPublicKey;
import dev.masque.privacypass.voprf.OprfSuite;
import dev.masque.privacypass.voprf.Voprf;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.List;

/** What can be done with an issuer's public key. Thread-safe. */
sealed interface PublicHalf {
    /**
     * Takes a key in.
     *
     * @throws PrivacyPassException if it is not a key of its type
     */
    static PublicHalf of(TokenKey key) throws PrivacyPassException {
        byte[] encoded = key.encoded().toArray();
        try {
            if (key.type().amortizes()) {
                return new Oprf(OprfPublicKey.parse(suite(key.type()), encoded));
            }
            key.type().readLayout();
            BlindRsaPublicKey rsa = BlindRsaPublicKey.parse(encoded);
            if (rsa.modulusLength() != key.type().readLayout().blinded()) {
                throw new PrivacyPassException("a key of the wrong size");
            }
            return key.type().extended() ? new PartialRsa(rsa) : new Rsa(rsa);
        } catch (InvalidKeyException e) {
            throw new PrivacyPassException("not a key of its type", e);
        }
    }

    static OprfSuite suite(TokenType type) {
        return type.equals(TokenType.VOPRF_P384) ? OprfSuite.P384_SHA384 : OprfSuite.RISTRETTO255_SHA512;
    }

    /** Hides inputs from the issuer; the RSA types take one alone. */
    Blinded blind(List<Bytes> inputs, Extensions extensions);

    /** Whether the authenticator of a token is this key's; false where it takes the private key to tell. */
    boolean verify(Token token);

    record Rsa(BlindRsaPublicKey key) implements PublicHalf {
        @Override
        public Blinded blind(List<Bytes> inputs, Extensions extensions) {
            return Blinded.of(
                    BlindRsa.PSS_DETERMINISTIC.blind(key, inputs.get(0).toArray()));
        }

        @Override
        public boolean verify(Token token) {
            try {
                BlindRsa.PSS_DETERMINISTIC.verify(
                        key,
                        token.authenticatorInput().toArray(),
                        token.authenticator().toArray());
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    record PartialRsa(BlindRsaPublicKey key) implements PublicHalf {
        @Override
        public Blinded blind(List<Bytes> inputs, Extensions extensions) {
            return Blinded.of(PartiallyBlindRsa.blind(
                    key, extensions.encode().toArray(), inputs.get(0).toArray()));
        }

        @Override
        public boolean verify(Token token) {
            try {
                PartiallyBlindRsa.verify(
                        key,
                        token.extensions().encode().toArray(),
                        token.authenticatorInput().toArray(),
                        token.authenticator().toArray());
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    record Oprf(OprfPublicKey key) implements PublicHalf {
        @Override
        public Blinded blind(List<Bytes> inputs, Extensions extensions) {
            return Blinded.of(Voprf.blind(key, Blinded.arrays(inputs)));
        }

        @Override
        public boolean verify(Token token) {
            return false;
        }
    }
}
