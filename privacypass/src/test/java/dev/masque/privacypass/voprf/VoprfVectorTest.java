package dev.masque.privacypass.voprf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VoprfVectorTest {
    /** One run: everything of the vector that belongs to it. */
    record Run(OprfSuite suite, int mode, int index, JsonNode group, JsonNode vector) {
        @Override
        public String toString() {
            return suite + " mode " + mode + " number " + index;
        }
    }

    static Stream<Run> runs() throws Exception {
        List<Run> runs = new ArrayList<>();
        for (OprfSuite suite : OprfSuite.values()) {
            String file =
                    "/vectors/rfc9497-voprf/" + suite.toString().toLowerCase(java.util.Locale.ROOT) + ".rfc9497.json";
            try (InputStream in = VoprfVectorTest.class.getResourceAsStream(file)) {
                for (JsonNode group : new ObjectMapper().readTree(Objects.requireNonNull(in, file))) {
                    int index = 0;
                    for (JsonNode vector : group.get("vectors")) {
                        runs.add(new Run(suite, group.get("mode").asInt(), index++, group, vector));
                    }
                }
            }
        }
        return runs.stream().filter(run -> run.mode() < 2); // 2 is POPRF, which is not built
    }

    static Stream<Run> verifiableRuns() throws Exception {
        return runs().filter(run -> run.mode() == 1);
    }

    static Stream<Run> plainRuns() throws Exception {
        return runs().filter(run -> run.mode() == 0);
    }

    private static byte[] hex(JsonNode object, String field) {
        return HexFormat.of().parseHex(object.get(field).asText());
    }

    private static List<byte[]> list(JsonNode object, String field) {
        return Arrays.stream(object.get(field).asText().split(",", -1))
                .map(HexFormat.of()::parseHex)
                .toList();
    }

    private static List<String> text(List<byte[]> values) {
        return values.stream().map(HexFormat.of()::formatHex).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void keysAreDerivedAsPublished(Run run) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.derive(
                run.suite(),
                run.mode() == 0 ? Protocol.Mode.OPRF : Protocol.Mode.VOPRF,
                hex(run.group(), "seed"),
                hex(run.group(), "keyInfo"));
        assertThat(key.bytes()).isEqualTo(hex(run.group(), "skSm"));
        assertThat(key).isEqualTo(OprfPrivateKey.parse(run.suite(), key.bytes()));
        if (run.group().has("pkSm")) {
            assertThat(key.publicKey().bytes()).isEqualTo(hex(run.group(), "pkSm"));
            assertThat(OprfPublicKey.parse(run.suite(), hex(run.group(), "pkSm")))
                    .isEqualTo(key.publicKey());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiableRuns")
    void everyStepOfTheVerifiableModeGivesThePublishedBytes(Run run) throws Exception {
        JsonNode vector = run.vector();
        OprfPrivateKey key = OprfPrivateKey.parse(run.suite(), hex(run.group(), "skSm"));

        PendingEvaluation pending = VoprfFixtures.blind(key.publicKey(), list(vector, "Input"), list(vector, "Blind"));
        assertThat(text(pending.blindedElements())).isEqualTo(text(list(vector, "BlindedElement")));

        Evaluation evaluation =
                VoprfFixtures.blindEvaluate(key, pending.blindedElements(), hex(vector.get("Proof"), "r"));
        assertThat(text(evaluation.elements())).isEqualTo(text(list(vector, "EvaluationElement")));
        assertThat(evaluation.proof()).isEqualTo(hex(vector.get("Proof"), "proof"));

        List<byte[]> outputs = pending.finish(evaluation.elements(), evaluation.proof());
        assertThat(text(outputs)).isEqualTo(text(list(vector, "Output")));
        for (int i = 0; i < outputs.size(); i++) {
            byte[] input = list(vector, "Input").get(i);
            assertThat(Voprf.evaluate(key, input)).isEqualTo(outputs.get(i));
            assertThat(Voprf.verify(key, input, outputs.get(i))).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plainRuns")
    void thePlainModeGivesThePublishedOutput(Run run) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.parse(run.suite(), hex(run.group(), "skSm"));
        Protocol protocol = Protocol.of(run.suite(), Protocol.Mode.OPRF);
        assertThat(Voprf.evaluate(protocol, key, hex(run.vector(), "Input"))).isEqualTo(hex(run.vector(), "Output"));
    }

    @ParameterizedTest
    @EnumSource
    void freshBlindsAndKeysWorkForBatchesOfAnySize(OprfSuite suite) throws Exception {
        OprfPrivateKey key = OprfPrivateKey.generate(suite);
        for (int size : new int[] {1, 2, 5}) {
            List<byte[]> inputs = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                inputs.add(new byte[] {(byte) size, (byte) i});
            }
            PendingEvaluation pending = Voprf.blind(key.publicKey(), inputs);
            Evaluation evaluation = Voprf.blindEvaluate(key, pending.blindedElements());
            List<byte[]> outputs = pending.finish(evaluation.elements(), evaluation.proof());
            for (int i = 0; i < size; i++) {
                assertThat(outputs.get(i)).hasSize(suite.outputLength()).isEqualTo(Voprf.evaluate(key, inputs.get(i)));
            }
        }
    }
}
