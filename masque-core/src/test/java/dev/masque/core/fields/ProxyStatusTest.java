package dev.masque.core.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.masque.core.ProxyErrorType;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProxyStatusTest {
    private static JsonNode read(String file) throws Exception {
        try (InputStream in = ProxyStatusTest.class.getResourceAsStream("/vectors/proxy-status/" + file)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    @Test
    void knowsEveryErrorTypeOfTheRfc() throws Exception {
        for (JsonNode row : read("error-types.rfc9209.json")) {
            ProxyErrorType type = ProxyErrorType.of(row.get("name").asText()).orElseThrow();
            String status = row.get("recommended_status").asText();
            if (status.matches("\\d+")) {
                assertThat(type.status()).as(type.token()).isEqualTo(Integer.parseInt(status));
            }
        }
        assertThat(ProxyErrorType.values()).hasSize(35);
    }

    @Test
    void readsTheExamplesOfTheRfc() throws Exception {
        for (JsonNode row : read("examples.rfc9209.json")) {
            List<ProxyStatus> members =
                    ProxyStatus.parse(List.of(row.get("field_value").asText()));
            JsonNode expected = row.get("members");
            assertThat(members).hasSize(expected.size());
            for (int i = 0; i < members.size(); i++) {
                assertThat(members.get(i).identifier())
                        .isEqualTo(expected.get(i).get("identifier").asText());
                JsonNode error = expected.get(i).get("parameters").get("error");
                assertThat(members.get(i).errorToken().orElse("")).isEqualTo(error == null ? "" : error.asText());
            }
        }
    }

    @Test
    void readsWhatItWrites() {
        ProxyStatus status = ProxyStatus.of("a proxy")
                .error(ProxyErrorType.DNS_ERROR)
                .rcode("NXDOMAIN")
                .nextHop("example.com:443")
                .details("no \"such\" name");

        assertThat(status.format())
                .isEqualTo("\"a proxy\";error=dns_error;rcode=\"NXDOMAIN\";next-hop=\"example.com:443\""
                        + ";details=\"no \\\"such\\\" name\"");
        ProxyStatus read = ProxyStatus.parse(List.of("first", status.format())).get(1);
        assertThat(read.error()).contains(ProxyErrorType.DNS_ERROR);
        assertThat(read.rcode()).contains("NXDOMAIN");
        assertThat(read.details()).contains("no \"such\" name");
        assertThat(read.nextHop()).contains("example.com:443");
    }

    @Test
    void ignoresAMalformedFieldWhole() {
        assertThat(ProxyStatus.parse(List.of("good", "bad;;"))).isEmpty();
    }

    @Test
    void keepsLineBreaksOutOfTheField() {
        assertThatThrownBy(() -> ProxyStatus.of("p").details("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    }
}
