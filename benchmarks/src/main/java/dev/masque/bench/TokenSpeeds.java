package dev.masque.bench;

import dev.masque.privacypass.blindrsa.BlindRsa;
import dev.masque.privacypass.blindrsa.BlindRsaPrivateKey;
import dev.masque.privacypass.blindrsa.PartiallyBlindRsa;
import dev.masque.privacypass.blindrsa.PendingSignature;
import dev.masque.privacypass.voprf.OprfPrivateKey;
import dev.masque.privacypass.voprf.OprfSuite;
import dev.masque.privacypass.voprf.Voprf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Does the work, and says how much of it fits into a second of processor time. For one thread. */
final class TokenSpeeds {
    /** Has OpenSSL do without AVX-512 IFMA (CPUID leaf 7, EBX, bit 21), which no JVM uses. */
    private static final String WITHOUT_IFMA = "OPENSSL_ia32cap=:~0x200000";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final byte[] MESSAGE = new byte[98]; // what a token's authenticator is over

    @Nullable private final RatedPeer peer;

    private final Map<TokenWork, Operation> operations = new EnumMap<>(TokenWork.class);
    private final Map<TokenWork, Integer> units = new EnumMap<>(TokenWork.class);

    private interface Operation {
        void run() throws Exception;
    }

    TokenSpeeds(@Nullable RatedPeer peer) throws Exception {
        this.peer = peer;
        blindRsa();
        partiallyBlindRsa();
        voprf(OprfSuite.P384_SHA384, TokenWork.ISSUE, 1);
        voprf(OprfSuite.P384_SHA384, TokenWork.ISSUE_10, 10);
        voprf(OprfSuite.P384_SHA384, TokenWork.ISSUE_100, 100);
        voprf(OprfSuite.RISTRETTO255_SHA512, TokenWork.ISSUE_RISTRETTO, 1);
        voprf(OprfSuite.RISTRETTO255_SHA512, TokenWork.ISSUE_RISTRETTO_100, 100);
        jdk();
    }

    double rate(TokenWork work, double seconds) throws IOException {
        return switch (work) {
            case OPENSSL_SIGN -> openSsl("rsa2048", 0, seconds);
            case OPENSSL_PLAIN_SIGN -> openSsl("rsa2048", 0, seconds, "env", WITHOUT_IFMA);
            case OPENSSL_VERIFY -> openSsl("rsa2048", 1, seconds);
            case OPENSSL_ECDH -> openSsl("ecdhp384", 0, seconds);
            case PEER_SIGN -> Objects.requireNonNull(peer).rate("sign", seconds);
            case PEER_VERIFY -> Objects.requireNonNull(peer).rate("verify", seconds);
            case PEER_ISSUE -> Objects.requireNonNull(peer).rate("evaluate", seconds);
            default -> own(work, seconds);
        };
    }

    private double own(TokenWork work, double seconds) throws IOException {
        Operation operation = Objects.requireNonNull(operations.get(work), work.name());
        long start = THREADS.getCurrentThreadCpuTime();
        long spent = 0;
        long count = 0;
        while (spent < seconds * 1e9) {
            try {
                operation.run();
            } catch (Exception e) {
                throw new IOException(work.text() + " went wrong", e);
            }
            count += units.getOrDefault(work, 1);
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        return count * 1e9 / spent;
    }

    /** What {@code openssl speed} prints for machines: operations a second, private before public. */
    private static double openSsl(String algorithm, int column, double seconds, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Programs.find("openssl", "openssl"),
                "speed",
                "-mr",
                "-seconds",
                String.valueOf((int) Math.max(1, Math.round(seconds))),
                algorithm));
        String line = Machine.firstLine(command, text -> text.startsWith("+F"));
        String[] columns = line.split(":");
        if (columns.length < 5) {
            throw new IOException("openssl speed " + algorithm + " printed no figures");
        }
        return Double.parseDouble(columns[3 + column]);
    }

    private void blindRsa() throws Exception {
        BlindRsaPrivateKey key = BlindRsaPrivateKey.generate();
        BlindRsa variant = BlindRsa.PSS_DETERMINISTIC;
        PendingSignature pending = variant.blind(key.publicKey(), MESSAGE);
        byte[] blinded = pending.blindedMessage();
        byte[] signature = pending.finish(key.blindSign(blinded));
        BlindRsaPrivateKey fast = key.using(Conscrypt.newProvider());
        operations.put(TokenWork.SIGN, () -> key.blindSign(blinded));
        operations.put(TokenWork.SIGN_NATIVE, () -> fast.blindSign(blinded));
        operations.put(TokenWork.VERIFY, () -> variant.verify(key.publicKey(), MESSAGE, signature));
        operations.put(TokenWork.BLIND, () -> variant.blind(key.publicKey(), MESSAGE));
    }

    private void partiallyBlindRsa() throws Exception {
        BlindRsaPrivateKey key = PartiallyBlindRsa.generate();
        byte[] info = {1};
        BlindRsaPrivateKey derived = PartiallyBlindRsa.derive(key, info);
        PendingSignature pending = PartiallyBlindRsa.blind(key.publicKey(), info, MESSAGE);
        byte[] blinded = pending.blindedMessage();
        byte[] signature = pending.finish(derived.blindSign(blinded));
        operations.put(TokenWork.PARTIAL_SIGN, () -> derived.blindSign(blinded));
        operations.put(
                TokenWork.PARTIAL_VERIFY, () -> PartiallyBlindRsa.verify(key.publicKey(), info, MESSAGE, signature));
    }

    private void voprf(OprfSuite suite, TokenWork work, int batch) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        List<byte[]> inputs =
                IntStream.range(0, batch).mapToObj(i -> new byte[] {(byte) i}).toList();
        List<byte[]> elements = Voprf.blind(key.publicKey(), inputs).blindedElements();
        operations.put(work, () -> Voprf.blindEvaluate(key, elements));
        units.put(work, batch);
    }

    private void jdk() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
        pss.initSign(keys.getPrivate());
        pss.update(MESSAGE);
        byte[] signature = pss.sign();
        operations.put(TokenWork.JDK_SIGN, () -> {
            pss.initSign(keys.getPrivate());
            pss.update(MESSAGE);
            pss.sign();
        });
        operations.put(TokenWork.JDK_VERIFY, () -> {
            pss.initVerify(keys.getPublic());
            pss.update(MESSAGE);
            if (!pss.verify(signature)) {
                throw new IOException("not verified");
            }
        });
    }
}
