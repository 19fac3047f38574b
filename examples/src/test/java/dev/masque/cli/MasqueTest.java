package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
    @ValueSource(
            strings = {
                "",
                "proxy ",
                "egress ",
                "egress explain ",
                "connect ",
                "forward ",
                "doctor ",
                "demo ",
                "issuer ",
                "attester ",
                "token ",
                "token fetch ",
                "token inspect ",
                "token verify ",
                "ohttp "
            })
    void everyCommandHasHelp(String command) {
        Result result = run(command + "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Usage: masque");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ohttp ", "ohttp gateway ", "ohttp relay ", "ohttp get "})
    void itsHelpHasAnExample(String command) {
        assertThat(run(command + "--help").out()).contains("Example").contains("  masque ohttp ");
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
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --upstream http://b.example",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --upstream https://b.example --geofeed x",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --upstream https://b.example --first-hop --next-hop c:1",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --upstream https://b.example --upstream-cert x",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --upstream-psk-file x",
                "proxy --listen 127.0.0.1:0 --no-auth --self-signed x --accounts x",
                "proxy --listen 127.0.0.1:0 --self-signed x --no-auth --client-crl x",
                "proxy --listen 127.0.0.1:0 --self-signed x --client-ca x --client-name nonsense",
                "connect --hop https://localhost example.com:1",
                "connect --hop-psk-file x --proxy https://localhost example.com:1",
                "connect --hop http://localhost --proxy https://localhost example.com:1",
                "egress",
                "egress explain",
                "egress explain --geofeed x --precision 13",
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
                "demo --http 9",
                "issuer",
                "issuer --listen 127.0.0.1:0",
                "issuer --listen 127.0.0.1:0 --self-signed x --types 0003",
                "issuer --listen 127.0.0.1:0 --self-signed x --rotate 7",
                "issuer --listen 127.0.0.1:0 --self-signed x --quota 100/1h",
                "issuer --listen 127.0.0.1:0 --self-signed x --batch 0",
                "attester --listen 127.0.0.1:0 --self-signed x",
                "attester --listen 127.0.0.1:0 --self-signed x --issuer http://localhost",
                "attester --listen 127.0.0.1:0 --self-signed x --issuer https://localhost",
                "attester --listen 127.0.0.1:0 --self-signed x --issuer https://localhost --quota nonsense",
                "token",
                "token nonsense",
                "token fetch",
                "token fetch --issuer nonsense",
                "token fetch --issuer https://localhost --count 0",
                "token fetch --issuer https://localhost --origin a,b",
                "token fetch --proxy https://localhost --challenge AAAA",
                "token verify",
                "token verify --key some.pem --keys some",
                "proxy --listen 127.0.0.1:0 --self-signed x --issuer nonsense",
                "proxy --listen 127.0.0.1:0 --self-signed x --issuer https://localhost --spent http://localhost",
                "proxy --listen 127.0.0.1:0 --self-signed x --issuer https://localhost --spent redis://:secret@localhost",
                "proxy --listen 127.0.0.1:0 --self-signed x --no-auth --spent redis://localhost",
                "proxy --listen 127.0.0.1:0 --self-signed x --issuer https://localhost --token-types 0001",
                "proxy --listen 127.0.0.1:0 --self-signed x --issuer https://localhost --no-auth",
                "proxy --listen 127.0.0.1:0 --self-signed x --no-auth --origin proxy.example",
                "ohttp",
                "ohttp nonsense",
                "ohttp gateway --listen 127.0.0.1:0 --target https://app.example",
                "ohttp gateway --listen 127.0.0.1:0 --cert c.pem --key k.pem",
                "ohttp gateway --listen 127.0.0.1:0 --cert c.pem --key k.pem --target app.example",
                "ohttp gateway --listen 127.0.0.1:0 --cert c.pem --key k.pem --target https://app.example/path",
                "ohttp gateway --listen nonsense --self-signed d --target https://app.example",
                "ohttp gateway --listen 127.0.0.1:0 --cert c.pem --key k.pem --target https://app.example --key-type RSA",
                "ohttp relay --listen 127.0.0.1:0 --cert c.pem --key k.pem",
                "ohttp relay --listen 127.0.0.1:0 --cert c.pem --key k.pem --gateway gateway.example",
                "ohttp relay --listen 127.0.0.1:0 --cert c.pem --key k.pem --gateway http://gateway.example/",
                "ohttp relay --listen 127.0.0.1:0 --gateway https://gateway.example/",
                "ohttp get --relay https://relay.example --keys https://gateway.example",
                "ohttp get --keys https://gateway.example https://app.example/",
                "ohttp get --relay nonsense --keys https://gateway.example https://app.example/",
                "ohttp get --relay https://relay.example --keys http://gateway.example https://app.example/",
                "ohttp get --relay https://relay.example --keys https://gateway.example app.example",
                "ohttp get --relay https://relay.example --keys https://gateway.example -H nonsense https://app.example/",
                "ohttp get --relay https://relay.example --keys https://gateway.example -H Host:a https://app.example/",
                "ohttp get --relay https://relay.example --keys https://gateway.example --timeout 0 https://app.example/",
                "ohttp get --relay https://relay.example --keys https://gateway.example --nonsense https://app.example/"
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
    void aMistakeInTheHopsLeavesNoKeyBehind(@TempDir Path folder) {
        Path certificates = folder.resolve("new");

        assertThat(run("proxy --listen 127.0.0.1:0 --no-auth --first-hop --self-signed " + certificates)
                        .code())
                .isEqualTo(2);
        assertThat(certificates).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"org.example.NoProvider, class path", "java.lang.Object, class path", "SUN, RSA/ECB/NoPadding"})
    void aProviderThatDoesNotSignIsSaidByName(String nameAndReason) {
        String[] parts = nameAndReason.split(", ");
        Result result = run("issuer --listen 127.0.0.1:0 --self-signed x --rsa-provider " + parts[0]);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(parts[0]).contains(parts[1]);
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

    private static Path feed(Path folder) throws IOException {
        return Files.writeString(folder.resolve("egress.csv"), """
                192.0.2.0/28,JP,JP-13,Tokyo,,xn76c
                192.0.2.16/28,JP,JP-27,Osaka,,xn0m7
                2001:db8:1::/64,GB,GB-ENG,London,,gcpvj
                203.0.113.0/28
                """);
    }

    @Test
    void aChoiceOfEgressIsExplained(@TempDir Path folder) throws IOException {
        Result result = run("egress explain --geofeed " + feed(folder) + " --geohash xn76c-JP");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "hint  xn76c-JP, the cell around 35.6616,139.6362",
                        "IPv6  refused: no pool of the country",
                        "IPv4  192.0.2.0/28, the nearest of the country, 0.0 km",
                        "        192.0.2.0/28                             JP Tokyo                 0.0 km",
                        "        192.0.2.16/28                            JP Osaka                 390.5 km");
    }

    @Test
    void anUnusableHintIsExplainedToo(@TempDir Path folder) throws IOException {
        Result result = run("egress explain --geofeed " + feed(folder) + " --geohash nonsense");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("hint  ignored, ")
                .contains("IPv4  203.0.113.0/28, the default: no hint, or no pools in its country");
    }

    @Test
    void aHintThatIsRefusedByBothFamiliesFails(@TempDir Path folder) throws IOException {
        Result result = run("egress explain --geofeed " + feed(folder) + " --geohash DE --leave-country NEVER");

        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void aFeedThatIsWrongNamesTheLine(@TempDir Path folder) throws IOException {
        Path feed = Files.writeString(folder.resolve("egress.csv"), "192.0.2.0/28,JP\nnonsense,JP");
        Result result = run("egress explain --geofeed " + feed + " --geohash JP");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().strip()).isEqualTo("masque egress explain: line 2: not an address or prefix");
    }
}
