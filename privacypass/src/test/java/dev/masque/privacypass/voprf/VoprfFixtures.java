package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** Opens the operations with chosen randomness to tests of other packages, for published vectors. */
public final class VoprfFixtures {
    private VoprfFixtures() {}

    public static PendingEvaluation blind(OprfPublicKey key, List<byte[]> inputs, List<byte[]> blinds)
            throws GeneralSecurityException {
        List<long[]> scalars = new ArrayList<>();
        for (byte[] blind : blinds) {
            scalars.add(key.suite().group().decodeScalar(blind));
        }
        return Voprf.blind(key, inputs, scalars);
    }

    public static Evaluation blindEvaluate(OprfPrivateKey key, List<byte[]> blindedElements, byte[] r)
            throws GeneralSecurityException {
        return Voprf.blindEvaluate(key, blindedElements, key.suite().group().decodeScalar(r));
    }
}
