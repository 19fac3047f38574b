package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerDirectoryTest {
    private static Bytes utf8(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void exampleOfTheRfcReads() throws MalformedException {
        IssuerDirectory directory = IssuerDirectory.parse(utf8("""
                        {"issuer-request-uri": "https://issuer.example.net/request", "more": [{"x": {}}],
                         "token-keys": [
                          {"token-type": 2, "token-key": "MIAB", "not-before": 1686913811, "new": [1]},
                          {"token-type": 2, "token-key": "MI-_"}, {"token-type": 4660, "token-key": "AA"}]}"""));
        Instant switchOver = Instant.ofEpochSecond(1_686_913_811);

        assertThat(directory.requestUri()).isEqualTo(URI.create("https://issuer.example.net/request"));
        assertThat(directory.current(TokenType.BLIND_RSA, switchOver.minusSeconds(1)))
                .contains(new TokenKey(TokenType.BLIND_RSA, Vectors.hex("308fbf")));
        assertThat(directory.current(TokenType.BLIND_RSA, switchOver))
                .contains(new TokenKey(TokenType.BLIND_RSA, Vectors.hex("308001")));
        assertThat(directory.current(TokenType.VOPRF_P384, switchOver)).isEmpty();
        assertThat(IssuerDirectory.parse(directory.format())).isEqualTo(directory);
    }

    @Test
    void whatIsWrittenReadsBack() throws MalformedException {
        IssuerDirectory directory = new IssuerDirectory(
                URI.create("/request"),
                List.of(new IssuerDirectory.Entry(
                        TestKeys.of(TokenType.BLIND_RSA).tokenKey(), Optional.of(Instant.EPOCH))));

        assertThat(IssuerDirectory.parse(directory.format())).isEqualTo(directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"issuer-request-uri\": 1}",
                "{\"issuer-request-uri\": \"/\"",
                "{\"issuer-request-uri\": \"/\"} x",
                "{\"issuer-request-uri\": \"http://[\"}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": {}}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": [1]}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": [{}]}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": [{\"token-type\": 70000, \"token-key\": \"AA\"}]}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": [{\"token-type\": 2, \"token-key\": \"*\"}]}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": [{\"token-type\": 2, \"token-key\": 2}]}",
                "{\"issuer-request-uri\": \"/\", \"token-keys\": [{\"token-type\": \"2\", \"token-key\": \"AA\"}]}"
            })
    void anythingElseIsRefused(String json) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> IssuerDirectory.parse(utf8(json)));
    }

    @Test
    void depthAndNumberAreBounded() {
        String deep = "{\"x\": " + "[".repeat(100_000);
        String many = "{\"issuer-request-uri\": \"/\", \"token-keys\": ["
                + "{\"token-type\": 2, \"token-key\": \"AA\"},".repeat(1001) + "]}";

        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> IssuerDirectory.parse(utf8(deep)));
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> IssuerDirectory.parse(utf8(many)));
    }
}
