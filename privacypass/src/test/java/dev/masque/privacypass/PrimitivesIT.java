package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.privacypass.blindrsa.BlindRsa;
import dev.masque.privacypass.blindrsa.BlindRsaPrivateKey;
import dev.masque.privacypass.blindrsa.PendingSignature;
import dev.masque.privacypass.voprf.Evaluation;
import dev.masque.privacypass.voprf.OprfPrivateKey;
import dev.masque.privacypass.voprf.OprfSuite;
import dev.masque.privacypass.voprf.PendingEvaluation;
import dev.masque.privacypass.voprf.Voprf;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What tokens are made of, each side against libraries that are not ours: voprf-ts and blindrsa-ts. */
class PrimitivesIT {
    private static final List<byte[]> INPUTS = List.of(new byte[] {1}, new byte[98], new byte[] {2, 3});

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(List<byte[]> all) {
        return all.stream().map(PrimitivesIT::hex).collect(Collectors.joining(","));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static List<byte[]> list(String hex) {
        return Arrays.stream(hex.split(",", -1)).map(PrimitivesIT::bytes).toList();
    }

    @ParameterizedTest
    @EnumSource
    void ourClientTakesABatchOfTheirServer(OprfSuite suite) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        PendingEvaluation pending = Voprf.blind(key.publicKey(), INPUTS);
        try (PeerProgram peer = PeerProgram.primitives(
                "evaluate", suite.toString(), hex(key.bytes()), hex(pending.blindedElements()), hex(INPUTS))) {
            List<byte[]> outputs = pending.finish(list(peer.line()), bytes(peer.line()));

            assertThat(hex(outputs)).isEqualTo(peer.line());
            assertThat(hex(outputs.get(1))).isEqualTo(hex(Voprf.evaluate(key, INPUTS.get(1))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theirClientTakesABatchOfOurServer(OprfSuite suite) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        try (PeerProgram peer = PeerProgram.primitives(
                "blind", suite.toString(), hex(key.publicKey().bytes()), hex(INPUTS))) {
            Evaluation evaluation = Voprf.blindEvaluate(key, list(peer.line()));
            peer.say(hex(evaluation.elements()), hex(evaluation.proof()));

            List<byte[]> outputs = list(peer.line());
            for (int i = 0; i < INPUTS.size(); i++) {
                assertThat(Voprf.verify(key, INPUTS.get(i), outputs.get(i))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PSS_RANDOMIZED, PSS-Randomized",
        "PSS_DETERMINISTIC, PSS-Deterministic",
        "PSSZERO_RANDOMIZED, PSSZero-Randomized",
        "PSSZERO_DETERMINISTIC, PSSZero-Deterministic"
    })
    void blindSignaturesOfEitherSideAreGoodForTheOther(BlindRsa variant, String theirs) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        BlindRsaPrivateKey ours = BlindRsaPrivateKey.of((RSAPrivateCrtKey) keys.getPrivate());
        String open = hex(keys.getPublic().getEncoded());

        byte[] prepared = variant.prepare(INPUTS.get(1));
        PendingSignature pending = variant.blind(ours.publicKey(), prepared);
        try (PeerProgram peer = PeerProgram.primitives(
                "sign", theirs, hex(keys.getPrivate().getEncoded()), hex(pending.blindedMessage()))) {
            byte[] signature = pending.finish(bytes(peer.line()));
            try (PeerProgram judge = PeerProgram.primitives("verify", theirs, open, hex(prepared), hex(signature))) {
                assertThat(judge.line()).isEqualTo("true");
            }
        }
        try (PeerProgram peer = PeerProgram.primitives("obtain", theirs, open, hex(INPUTS.get(1)))) {
            peer.say(hex(ours.blindSign(bytes(peer.line()))));
            byte[] message = bytes(peer.line());
            variant.verify(ours.publicKey(), message, bytes(peer.line()));
        }
    }
}
