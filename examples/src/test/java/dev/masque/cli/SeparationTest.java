package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeparationTest {
    private final Evidence evidence = new Evidence();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Separation of(Set<String> must, Set<String> may) {
        return new Separation(Map.of("A", evidence)).secret("the secret", "hidden.example", must, may);
    }

    @Test
    void whatIsSeenInPiecesIsSeen() {
        evidence.add("bytes", bytes("...hidd"));
        evidence.add("bytes", bytes("en.example..."));

        assertThat(of(Set.of(), Set.of()).violations()).containsExactly("A saw the secret in [bytes]");
    }

    @Test
    void whatIsSeenInCapitalsIsSeen() {
        evidence.add("log", "HIDDEN.Example");

        assertThat(of(Set.of(), Set.of()).violations()).hasSize(1);
    }

    @Test
    void whatMayBeSeenIsNoViolation() {
        evidence.add("log", "hidden.example");

        assertThat(of(Set.of(), Set.of("A")).violations()).isEmpty();
        assertThat(of(Set.of("A"), Set.of()).violations()).isEmpty();
    }

    @Test
    void aRecordWithoutWhatMustBeInItProvesNothing() {
        assertThat(of(Set.of("A"), Set.of()).violations()).containsExactly("A has not seen the secret");
    }

    @Test
    void evidenceIsKeptInFiles(@TempDir Path folder) throws Exception {
        evidence.add("log", "hidden.example");
        evidence.add("bytes", bytes("\u0001\u0002"));
        evidence.write(folder.resolve("a"));

        Evidence read = Evidence.read(folder.resolve("a"));

        assertThat(read.placesOf("hidden.example")).containsExactly("log");
        assertThat(read.size()).isEqualTo(evidence.size());
    }
}
