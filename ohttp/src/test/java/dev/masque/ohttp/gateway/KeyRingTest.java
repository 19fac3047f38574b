package dev.masque.ohttp.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
    private final MutableClock clock = new MutableClock();

    @TempDir
    Path directory;

    @Test
    void aGenerationIsPublishedForItsPeriodAndTakenForTheOverlap() throws Exception {
        KeyRing ring = ring(null);
        KeyConfig first = only(ring);

        clock.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(only(ring)).isEqualTo(first);

        clock.advance(Duration.ofSeconds(1));
        KeyConfig second = only(ring);
        assertThat(second.keyId()).isNotEqualTo(first.keyId());
        assertTaken(ring, first);
        assertTaken(ring, second);

        clock.advance(Duration.ofDays(1));
        assertThat(only(ring)).isEqualTo(second);
        assertTaken(ring, second);
        assertThatThrownBy(() -> take(ring, first))
                .isInstanceOfSatisfying(
                        OhttpException.class, e -> assertThat(e.kind()).isEqualTo(OhttpException.Kind.UNKNOWN_KEY));
    }

    @Test
    void aGenerationHasAKeyOfEachKind() throws Exception {
        KeyRing ring = KeyRing.builder().types(KeyType.X25519, KeyType.P256).build();

        List<KeyConfig> configs = KeyConfig.parseList(ring.published());

        assertThat(configs).extracting(KeyConfig::kemId).containsExactly(0x20, 0x10);
        for (KeyConfig config : configs) {
            assertTaken(ring, config);
        }
    }

    @Test
    void keysOutlastTheProcess() throws Exception {
        Path file = directory.resolve("keys");
        KeyRing before = ring(file);
        clock.advance(Duration.ofDays(7));
        KeyConfig second = only(before);
        KeyRing after = ring(file);

        assertThat(only(after)).isEqualTo(second);
        assertThat(after.published()).isEqualTo(before.published());
        clock.advance(Duration.ofDays(1));
        only(after);
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void theStoreIsItsOwnersAlone() throws Exception {
        Path file = directory.resolve("keys");
        ring(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> ring(file)).isInstanceOf(IOException.class).hasMessageContaining("others");
    }

    @Test
    void aDamagedStoreIsRefusedWithoutQuotingIt() throws Exception {
        Path file = directory.resolve("keys");
        ring(file);
        String good = Files.readString(file);
        String secret = good.strip().substring(good.strip().lastIndexOf(' ') + 1);
        for (String bad : List.of(
                "",
                "something else\n",
                good + "1 X25519 0\n",
                good.replace("X25519", "RSA"),
                good.replace(secret, secret + "zz"),
                good.replace(secret, secret.substring(2)),
                good + good.split("\n")[1] + "\n",
                good + "300 X25519 0 99999999999999999999 " + secret + "\n",
                good + "caf\u00e9")) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> ring(file))
                    .isInstanceOf(IOException.class)
                    .hasNoCause()
                    .message()
                    .contains("damaged")
                    .doesNotContain(secret.substring(2, 40));
        }
    }

    @Test
    void aCacheTimeBeyondTheOverlapIsRefused() {
        assertThatThrownBy(() -> KeyRing.builder()
                        .overlap(Duration.ofMinutes(5))
                        .cacheFor(Duration.ofMinutes(6))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cacheFor");
    }

    @Test
    void keysThatCannotBeStoredLeaveTheOldOnesInUse() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        KeyRing ring = ring(inner.resolve("keys"));
        KeyConfig first = only(ring);
        Files.delete(inner.resolve("keys"));
        Files.delete(inner);
        Files.writeString(inner, "a file where the directory was");
        clock.advance(Duration.ofDays(7));

        assertThat(only(ring)).isEqualTo(first);
        assertThatThrownBy(ring::rotate).isInstanceOf(IOException.class);

        Files.delete(inner);
        clock.advance(Duration.ofMinutes(1));
        assertThat(only(ring)).isNotEqualTo(first);
    }

    @Test
    void rotationsInParallelUnderLoadLoseNoRequest() throws Exception {
        KeyRing ring = ring(directory.resolve("keys"));
        var workers = Executors.newFixedThreadPool(128); // all at once
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                tasks.add(() -> {
                    ring.rotate();
                    return true;
                });
                tasks.add(() -> {
                    KeyConfig config = only(ring);
                    ByteBuffer request = ClientExchange.start(config).seal(ByteBuffer.wrap(new byte[3]));
                    return ring.accepted().open(request).request().remaining() == 3;
                });
            }
            for (Future<Boolean> done : workers.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(ring(directory.resolve("keys")).published()).isEqualTo(ring.published());
    }

    @Test
    void identifiersNeverRunOut() throws Exception {
        KeyRing ring = ring(null);
        for (int i = 0; i < 300; i++) {
            ring.rotate();
        }
        assertTaken(ring, only(ring));
        assertThat(ring.toString()).isEqualTo("a ring of 128 keys");
    }

    private KeyRing ring(@org.jspecify.annotations.Nullable Path store) throws IOException {
        KeyRingBuilder builder =
                KeyRing.builder().clock(clock).period(Duration.ofDays(7)).overlap(Duration.ofDays(1));
        return (store == null ? builder : builder.store(store)).build();
    }

    private static KeyConfig only(KeyRing ring) throws OhttpException {
        List<KeyConfig> configs = KeyConfig.parseList(ring.published());
        assertThat(configs).hasSize(1);
        return configs.get(0);
    }

    private static void assertTaken(KeyRing ring, KeyConfig config) throws OhttpException {
        take(ring, config);
    }

    private static void take(KeyRing ring, KeyConfig config) throws OhttpException {
        ring.accepted().open(ClientExchange.start(config).seal(ByteBuffer.wrap(new byte[1])));
    }
}
