package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.security.SignatureException;

/**
 * A client's half of a blind signature that is under way: what it sent, and the secret that undoes the blinding.
 * Immutable and safe for use by several threads. RFC 9474, 4.2 and 4.4.
 */
public final class PendingSignature {
    private final BlindRsa variant;
    private final BlindRsaPublicKey key;
    private final byte[] message;
    private final byte[] blindedMessage;
    private final BigInteger inverse;

    PendingSignature(
            BlindRsa variant, BlindRsaPublicKey key, byte[] message, byte[] blindedMessage, BigInteger inverse) {
        this.variant = variant;
        this.key = key;
        this.message = message;
        this.blindedMessage = blindedMessage;
        this.inverse = inverse;
    }

    /**
     * What the issuer gets to sign.
     *
     * @return as many bytes as the modulus has, a new array
     */
    public byte[] blindedMessage() {
        return blindedMessage.clone();
    }

    /**
     * Unblinds the issuer's answer and verifies the signature.
     *
     * @param blindSignature the issuer's answer
     * @return the signature of the prepared message
     * @throws SignatureException if the answer does not lead to a valid signature
     */
    public byte[] finish(byte[] blindSignature) throws SignatureException {
        if (blindSignature.length != key.modulusLength()) {
            throw new SignatureException("blind signature of the wrong length");
        }
        BigInteger blinded = new BigInteger(1, blindSignature);
        if (blinded.compareTo(key.modulus()) >= 0) {
            throw new SignatureException("blind signature out of range");
        }
        byte[] signature = key.toBytes(blinded.multiply(inverse).mod(key.modulus()));
        variant.verify(key, message, signature);
        return signature;
    }

    @Override
    public String toString() {
        return "PendingSignature[" + variant + "]";
    }
}
