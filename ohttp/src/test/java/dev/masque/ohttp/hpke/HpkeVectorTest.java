package dev.masque.ohttp.hpke;

import static dev.masque.ohttp.OhttpVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.masque.ohttp.FixedRandom;
import dev.masque.ohttp.OhttpVectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9180, appendix A: base mode with HKDF-SHA256. */
class HpkeVectorTest {
    private static final int EXPORT_ONLY = 0xffff;

    static Stream<Named<JsonNode>> suites() {
        return OhttpVectors.each(OhttpVectors.read("rfc9180-hpke/base-mode-hkdf-sha256.rfc9180.json"))
                .map(suite -> Named.of("kem " + suite.get("kem_id") + ", aead " + suite.get("aead_id"), suite));
    }

    static Stream<Named<JsonNode>> sealing() {
        return suites().filter(s -> s.getPayload().get("aead_id").asInt() != EXPORT_ONLY);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void keysDeriveFromTheirMaterial(JsonNode suite) throws Exception {
        HpkeKeyPair keys = HpkeKeyPair.derive(kem(suite), bytes(suite, "ikmR"));

        assertThat(keys.exportPrivateKey()).isEqualTo(bytes(suite, "skRm"));
        assertThat(keys.publicKey()).isEqualTo(bytes(suite, "pkRm"));
        assertThat(HpkeKeyPair.of(kem(suite), bytes(suite, "skRm"))).isEqualTo(keys);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void bothSidesAgreeOnTheSharedSecret(JsonNode suite) throws Exception {
        KemAlgorithm.Encapsulated sent =
                kem(suite).algorithm().encapsulate(bytes(suite, "pkRm"), new FixedRandom(bytes(suite, "skEm")));
        byte[] received = receiver(suite).decapsulate(bytes(suite, "enc"));

        assertThat(sent.sent()).isEqualTo(bytes(suite, "enc"));
        assertThat(sent.secret()).isEqualTo(bytes(suite, "shared_secret"));
        assertThat(received).isEqualTo(bytes(suite, "shared_secret"));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theKeyScheduleExports(JsonNode suite) {
        LabeledKdf kdf = new LabeledKdf(
                "HPKE", suite.get("kem_id").asInt(), 1, suite.get("aead_id").asInt());
        byte[] context = KeySchedule.keyScheduleContext(kdf, bytes(suite, "info"));
        byte[] secret = kdf.extract(bytes(suite, "shared_secret"), "secret", new byte[0]);
        byte[] exporter = kdf.expand(secret, "exp", context, 32);

        assertThat(context).isEqualTo(bytes(suite, "key_schedule_context"));
        assertThat(secret).isEqualTo(bytes(suite, "secret"));
        assertThat(exporter).isEqualTo(bytes(suite, "exporter_secret"));
        assertThat(suite.get("exports"))
                .isNotEmpty()
                .allSatisfy(export -> assertThat(kdf.expand(
                                exporter,
                                "sec",
                                bytes(export, "exporter_context"),
                                export.get("L").asInt()))
                        .isEqualTo(bytes(export, "exported_value")));
    }

    @ParameterizedTest
    @MethodSource("sealing")
    void theSenderSealsInOrder(JsonNode suite) throws Exception {
        HpkeContext.Sender sender =
                HpkeContext.send(schedule(suite), bytes(suite, "pkRm"), new FixedRandom(bytes(suite, "skEm")));

        assertThat(sender.encapsulated()).isEqualTo(bytes(suite, "enc"));
        long next = 0;
        for (JsonNode encryption : suite.get("encryptions")) {
            byte[] plain = bytes(encryption, "pt");
            byte[] sealed = new byte[plain.length + Aead.TAG_LENGTH];
            for (; next < encryption.get("seq").asLong(); next++) {
                sender.context().messages().seal(new byte[0], plain, 0, plain.length, sealed, 0);
            }
            sender.context().messages().seal(bytes(encryption, "aad"), plain, 0, plain.length, sealed, 0);
            next++;
            assertThat(sealed).isEqualTo(bytes(encryption, "ct"));
        }
    }

    @ParameterizedTest
    @MethodSource("sealing")
    void theReceiverOpensInOrderAndOnlyInOrder(JsonNode suite) throws Exception {
        HpkeContext context = HpkeContext.receive(schedule(suite), receiver(suite), bytes(suite, "enc"));

        for (JsonNode encryption : suite.get("encryptions")) {
            byte[] sealed = bytes(encryption, "ct");
            if (encryption.get("seq").asLong() > 2) {
                assertThat(catchOpen(context, bytes(encryption, "aad"), sealed)).isInstanceOf(HpkeException.class);
                continue;
            }
            assertThat(context.messages().open(bytes(encryption, "aad"), sealed, 0, sealed.length))
                    .isEqualTo(bytes(encryption, "pt"));
        }
        assertThat(suite.get("exports"))
                .allSatisfy(export -> assertThat(context.export(
                                bytes(export, "exporter_context"),
                                export.get("L").asInt()))
                        .isEqualTo(bytes(export, "exported_value")));
    }

    private static Throwable catchOpen(HpkeContext context, byte[] aad, byte[] sealed) {
        return org.assertj.core.api.Assertions.catchThrowable(
                () -> context.messages().open(aad, sealed, 0, sealed.length));
    }

    private static KeySchedule schedule(JsonNode suite) {
        Aead aead = Aead.of(suite.get("aead_id").asInt()).orElseThrow();
        assumeThat(suite.get("kdf_id").asInt()).isEqualTo(Hkdf.ID);
        return KeySchedule.of(kem(suite), aead, bytes(suite, "info"));
    }

    private static HpkeKeyPair receiver(JsonNode suite) throws HpkeException {
        return HpkeKeyPair.of(kem(suite), bytes(suite, "skRm"));
    }

    private static Kem kem(JsonNode suite) {
        return Kem.of(suite.get("kem_id").asInt()).orElseThrow();
    }
}
