package dev.masque.privacypass;

import dev.masque.privacypass.blindrsa.BlindRsa;
import dev.masque.privacypass.blindrsa.BlindRsaPrivateKey;
import dev.masque.privacypass.blindrsa.PartiallyBlindRsa;
import dev.masque.privacypass.blindrsa.PendingSignature;
import dev.masque.privacypass.voprf.Evaluation;
import dev.masque.privacypass.voprf.OprfPrivateKey;
import dev.masque.privacypass.voprf.OprfSuite;
import dev.masque.privacypass.voprf.PendingEvaluation;
import dev.masque.privacypass.voprf.Voprf;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints operations per second of one thread's processor time; compare with {@code openssl speed rsa2048 ecdhp384} on the same machine. */
public final class CryptoSpeed {
    private CryptoSpeed() {}

    /** An operation to measure. */
    interface Operation {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        byte[] message = new byte[98];
        BlindRsaPrivateKey rsa = BlindRsaPrivateKey.generate();
        BlindRsa variant = BlindRsa.PSS_DETERMINISTIC;
        byte[] blinded = variant.blind(rsa.publicKey(), message).blindedMessage();
        var pendingSignature = variant.blind(rsa.publicKey(), message);
        byte[] signature = pendingSignature.finish(rsa.blindSign(pendingSignature.blindedMessage()));
        measure("RSA-2048 blind sign", 1, () -> rsa.blindSign(blinded));
        measure("RSA-2048 verify", 1, () -> variant.verify(rsa.publicKey(), message, signature));
        measure("RSA-2048 blind", 1, () -> variant.blind(rsa.publicKey(), message));
        measure("partially blind key generation", 1, PartiallyBlindRsa::generate);
        BlindRsaPrivateKey safe = PartiallyBlindRsa.generate();
        byte[] info = {1};
        BlindRsaPrivateKey derived = PartiallyBlindRsa.derive(safe, info);
        PendingSignature partial = PartiallyBlindRsa.blind(safe.publicKey(), info, message);
        byte[] partiallyBlinded = partial.blindedMessage();
        byte[] partialSignature = partial.finish(derived.blindSign(partiallyBlinded));
        measure("partially blind sign", 1, () -> PartiallyBlindRsa.blindSign(safe, info, partiallyBlinded));
        measure("partially blind sign, key derived once", 1, () -> derived.blindSign(partiallyBlinded));
        measure(
                "partially blind verify",
                1,
                () -> PartiallyBlindRsa.verify(safe.publicKey(), info, message, partialSignature));
        for (OprfSuite suite : OprfSuite.values()) {
            OprfPrivateKey key = OprfPrivateKey.generate(suite);
            byte[] output = Voprf.evaluate(key, message);
            measure(suite + " verify", 1, () -> Voprf.verify(key, message, output));
            for (int size : new int[] {1, 2, 10, 100}) {
                List<byte[]> inputs = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    inputs.add(new byte[] {(byte) i});
                }
                PendingEvaluation pending = Voprf.blind(key.publicKey(), inputs);
                List<byte[]> elements = pending.blindedElements();
                measure(suite + " issue, batch " + size, size, () -> Voprf.blindEvaluate(key, elements));
                if (size == 1) {
                    Evaluation evaluation = Voprf.blindEvaluate(key, elements);
                    measure(suite + " client blind", 1, () -> Voprf.blind(key.publicKey(), inputs));
                    measure(
                            suite + " client finish",
                            1,
                            () -> pending.finish(evaluation.elements(), evaluation.proof()));
                }
            }
        }
    }

    private static void measure(String name, int units, Operation operation) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double best = 0;
        for (int i = 0; i < 4; i++) {
            long start = threads.getCurrentThreadCpuTime();
            long count = 0;
            while (threads.getCurrentThreadCpuTime() - start < 500_000_000L) {
                operation.run();
                count += units;
            }
            best = Math.max(best, count * 1e9 / (threads.getCurrentThreadCpuTime() - start));
        }
        System.out.printf(Locale.ROOT, "%-40s %10.1f /s%n", name, best);
    }
}
