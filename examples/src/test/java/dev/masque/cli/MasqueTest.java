package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated // swaps the standard streams
class MasqueTest {
    record Result(int code, String out, String err) {}

    static Result run(String line) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
        try {
            int code = Masque.run(line.isEmpty() ? new String[0] : line.split(" "));
            return new Result(code, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy ", "connect ", "forward ", "doctor ", "demo "})
    void everyCommandHasHelp(String command) {
        Result result = run(command + "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Usage: masque");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "proxy",
                "proxy --listen",
                "proxy --listen 127.0.0.1:70000 --no-auth",
                "proxy --listen 127.0.0.1:0 --no-auth",
                "proxy --listen 127.0.0.1:0 --cert only.pem --no-auth",
                "proxy --listen 127.0.0.1:0 --nonsense",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --first-hop",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --next-hop b.example:443",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --first-hop --next-hop b.example",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --first-hop --next-hop b.example:1 --allow *",
                "connect --hop https://localhost example.com:1",
                "connect --hop-psk-file x --proxy https://localhost example.com:1",
                "connect --hop http://localhost --proxy https://localhost example.com:1",
                "doctor --cert only.pem",
                "doctor --http3 nonsense",
                "connect --proxy https://localhost",
                "connect --proxy https://localhost example.com",
                "connect --proxy https://localhost example.com:0",
                "connect --proxy http://localhost example.com:1",
                "connect --proxy https://localhost --http 4 example.com:1",
                "forward --proxy https://localhost",
                "forward --proxy https://localhost --tcp nonsense",
                "forward --proxy https://localhost --tcp 0=example.com",
                "demo --http 9"
            })
    void aBadFlagGetsOneLineAndTheCodeOfWrongUsage(String line) {
        Result result = run(line);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().strip())
                .startsWith("masque")
                .doesNotContain("\n")
                .contains("--help");
    }

    @Test
    void aProxyWithoutAKeyIsRefusedBeforeItListens(@TempDir Path folder) {
        Result result = run("proxy --listen 127.0.0.1:0 --self-signed " + folder);

        if (System.getenv(Secrets.VARIABLE) == null) {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("--psk").contains("--no-auth");
        }
    }

    @Test
    void aBadRuleNamesItself(@TempDir Path folder) {
        Result result = run("proxy --listen 127.0.0.1:0 --no-auth --allow 300.1.1.1/99 --self-signed " + folder);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("bad rule");
    }

    @Test
    void aMissingKeyFileIsSaidByName(@TempDir Path folder) {
        Result result =
                run("connect --proxy https://localhost --psk-file " + folder.resolve("no.key") + " example.com:1");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("no.key");
    }

    @Test
    void aSelfSignedKeyIsForItsOwnerOnly(@TempDir Path folder) throws Exception {
        SelfSigned.create(java.util.List.of("proxy.example", "192.0.2.1")).write(folder);

        assertThat(Files.getPosixFilePermissions(folder.resolve("key.pem"))).hasSize(2);
        assertThat(Files.readString(folder.resolve("cert.pem"))).contains("BEGIN CERTIFICATE");
        assertThat(folder.resolve("ca.pem")).exists();
    }
}
