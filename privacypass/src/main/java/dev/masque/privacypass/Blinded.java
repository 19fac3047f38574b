package dev.masque.privacypass;

import dev.masque.privacypass.blindrsa.PendingSignature;
import dev.masque.privacypass.voprf.PendingEvaluation;
import java.security.GeneralSecurityException;
import java.util.List;

/** Inputs that an issuer works on without seeing them, and the secret to read its answer with. Thread-safe. */
interface Blinded {
    /** What the issuer gets, one for each input. */
    List<Bytes> messages();

    /**
     * The authenticators, one for each input.
     *
     * @throws GeneralSecurityException if the answer is not what the key makes of the messages
     */
    List<Bytes> finish(List<Bytes> evaluated, Bytes proof) throws GeneralSecurityException;

    static Blinded of(PendingSignature pending) {
        return new Blinded() {
            @Override
            public List<Bytes> messages() {
                return List.of(Bytes.copyOf(pending.blindedMessage()));
            }

            @Override
            public List<Bytes> finish(List<Bytes> evaluated, Bytes proof) throws GeneralSecurityException {
                return List.of(Bytes.copyOf(pending.finish(evaluated.get(0).toArray())));
            }
        };
    }

    static Blinded of(PendingEvaluation pending) {
        return new Blinded() {
            @Override
            public List<Bytes> messages() {
                return bytes(pending.blindedElements());
            }

            @Override
            public List<Bytes> finish(List<Bytes> evaluated, Bytes proof) throws GeneralSecurityException {
                return bytes(pending.finish(arrays(evaluated), proof.toArray()));
            }
        };
    }

    static List<Bytes> bytes(List<byte[]> arrays) {
        return arrays.stream().map(Bytes::copyOf).toList();
    }

    static List<byte[]> arrays(List<Bytes> bytes) {
        return bytes.stream().map(Bytes::toArray).toList();
    }
}
