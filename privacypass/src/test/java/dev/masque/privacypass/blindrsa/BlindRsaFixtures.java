package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;

/** Opens the operations with chosen randomness to tests of other packages, for published vectors. */
public final class BlindRsaFixtures {
    private BlindRsaFixtures() {}

    public static PendingSignature blind(
            BlindRsa variant, BlindRsaPublicKey key, byte[] prepared, byte[] salt, BigInteger factor) {
        return variant.blind(key, prepared, salt, factor);
    }

    public static PendingSignature blind(
            BlindRsaPublicKey key, byte[] info, byte[] message, byte[] salt, BigInteger factor) {
        return PartiallyBlindRsa.blind(key, info, message, salt, factor);
    }
}
