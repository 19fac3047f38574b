package dev.masque.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.Bytes;
import dev.masque.core.tls.IdentityException.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawKeyTest {
    /** RFC 8410, 10.3 and 10.1. */
    private static final String ED25519 =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

    private static final String ED25519_PUBLIC = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    @TempDir
    Path folder;

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("key.pem"), text);
    }

    private static KeyPair pair(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static void assertFails(ThrowingCallable call, Problem problem) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        IdentityException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }

    @Test
    void aPrivateKeyOfEd25519HasItsPublicKey() throws Exception {
        RawKey key = RawKey.fromPem(file(ED25519));
        assertThat(key.info()).isEqualTo(Bytes.copyOf(Base64.getDecoder().decode(ED25519_PUBLIC)));
        assertThat(key.pin()).isEqualTo(RawKeyPin.of(key.publicKey()));
        assertThat(key).hasToString("RawKey[" + key.pin() + "]");
    }

    @Test
    void anyKeyOfEd25519IsReadWithoutItsPublicKey() throws Exception {
        for (int i = 0; i < 50; i++) {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            RawKey key =
                    RawKey.fromPem(file(pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
            assertThat(key.publicKey()).isEqualTo(pair.getPublic());
        }
    }

    @Test
    void aPrivateKeyOfP256NeedsItsPublicKey() throws Exception {
        KeyPair pair = pair("EC", 256);
        String key = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
        assertFails(() -> RawKey.fromPem(file(key)), Problem.KEY_FORMAT);
        RawKey read =
                RawKey.fromPem(file(key + pem("PUBLIC KEY", pair.getPublic().getEncoded())));
        assertThat(read.publicKey()).isEqualTo(pair.getPublic());
    }

    /** As OpenSSL 3 writes it. */
    @Test
    void aPrivateKeyOfP256MayHoldItsPublicKey() throws Exception {
        KeyPair pair = pair("EC", 256);
        byte[] bare = pair.getPrivate().getEncoded(); // 30 41 .. 04 27 30 25 02 01 01 04 20 key
        byte[] info = pair.getPublic().getEncoded();
        String secret = HexFormat.of().formatHex(bare, bare.length - 32, bare.length);
        String point = HexFormat.of().formatHex(info, info.length - 64, info.length);
        byte[] whole = HexFormat.of()
                .parseHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420" + secret
                        + "a14403420004" + point);
        assertThat(RawKey.fromPem(file(pem("PRIVATE KEY", whole))).publicKey()).isEqualTo(pair.getPublic());
    }

    @Test
    void otherKeysAreRefused() throws Exception {
        KeyPair rsa = pair("RSA", 2048);
        assertFails(() -> RawKey.of(rsa.getPrivate(), rsa.getPublic()), Problem.KEY_FORMAT);
        assertFails(
                () -> RawKey.fromPem(file(pem("PRIVATE KEY", rsa.getPrivate().getEncoded()))), Problem.KEY_FORMAT);
        KeyPair p384 = pair("EC", 384);
        assertFails(() -> RawKey.of(p384.getPrivate(), p384.getPublic()), Problem.KEY_FORMAT);
        KeyPair one = pair("EC", 256);
        KeyPair other = pair("EC", 256);
        assertFails(() -> RawKey.of(one.getPrivate(), other.getPublic()), Problem.MISMATCH);
        assertFails(() -> RawKey.fromPem(folder.resolve("none")), Problem.UNREADABLE);
        assertFails(() -> RawKey.fromPem(file("")), Problem.KEY);
    }

    @Test
    void aPinIsReadAsItIsWritten() {
        RawKeyPin pin = RawKeyPin.ofInfo(Bytes.copyOf(Base64.getDecoder().decode(ED25519_PUBLIC)));
        assertThat(RawKeyPin.parse(pin.toString())).isEqualTo(pin);
        assertThat(RawKeyPin.parse(pin.toString().substring("sha256/".length())))
                .isEqualTo(pin);
        assertThatThrownBy(() -> RawKeyPin.parse("sha256/AAAA")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RawKeyPin.parse("?")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pinsComeFromAFileThatIsReadAgain() throws Exception {
        RawKeyPin first = RawKeyPin.ofInfo(Bytes.copyOf(new byte[] {1}));
        RawKeyPin second = RawKeyPin.ofInfo(Bytes.copyOf(new byte[] {2}));
        Path file = file("# those we know\n\n" + first + " a.example # of last year\n");
        RawKeyPins pins = RawKeyPins.fromFile(file);
        assertThat(pins.nameOf(first)).contains("a.example");
        assertThat(pins.trusts(second)).isFalse();
        assertThat(pins.reload()).isFalse();
        file(first + " a.example\n" + second + "\n");
        assertThat(pins.reload()).isTrue();
        assertThat(pins.trusts(first)).isTrue();
        assertThat(pins.nameOf(second)).contains(second.toString());
        file("sha256/no\n");
        assertFails(pins::reload, Problem.KEY);
        assertThat(pins.trusts(second)).isTrue();
        file("# nobody\n");
        assertFails(pins::reload, Problem.KEY);
        assertThat(pins).hasToString("RawKeyPins[2]");
    }

    @Test
    void pinsCanBeReplaced() {
        RawKeyPin pin = RawKeyPin.ofInfo(Bytes.copyOf(new byte[] {1}));
        RawKeyPin next = RawKeyPin.ofInfo(Bytes.copyOf(new byte[] {2}));
        RawKeyPins pins = RawKeyPins.of(pin.toString());
        pins.replace(Map.of(pin, "a", next, "a"));
        assertThat(pins.nameOf(pin)).isEqualTo(pins.nameOf(next)).contains("a");
        assertThatThrownBy(() -> pins.replace(Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pins.replace(Map.of(pin, ""))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(RawKeyPins::of).isInstanceOf(IllegalArgumentException.class);
        assertThat(pins.trusts(next)).isTrue();
    }
}
