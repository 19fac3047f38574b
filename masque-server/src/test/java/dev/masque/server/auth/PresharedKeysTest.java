package dev.masque.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresharedKeysTest {
    @Test
    void aKeyIsFoundByItsName() {
        PresharedKeys keys = PresharedKeys.of(Map.of("a", "key-a", "b", "key-b"));
        assertThat(keys.nameOf("key-a")).contains("a");
        assertThat(keys.nameOf("key-b")).contains("b");
        assertThat(keys.nameOf("key-c")).isEmpty();
        assertThat(keys.nameOf("")).isEmpty();
        assertThat(keys.nameOf("key-a ")).isEmpty();
    }

    @Test
    void keysRotateWithOverlap() {
        PresharedKeys keys = PresharedKeys.of(Map.of("old", "key-1"));
        keys.replace(Map.of("old", "key-1", "new", "key-2"));
        assertThat(keys.nameOf("key-1")).contains("old");
        keys.replace(Map.of("new", "key-2"));
        assertThat(keys.nameOf("key-1")).isEmpty();
        assertThat(keys.nameOf("key-2")).contains("new");
    }

    @Test
    void aBadReplacementLeavesTheKeysAsTheyWere() {
        PresharedKeys keys = PresharedKeys.of(Map.of("a", "key-a"));
        assertThatThrownBy(() -> keys.replace(Map.of("b", "with space"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(keys.nameOf("key-a")).contains("a");
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"", " ", "a b", "a\r\nb", "schl\u00fcssel"})
    void aKeyIsVisibleAscii(String key) {
        assertThatThrownBy(() -> PresharedKeys.of(Map.of("name", key)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .satisfies(message ->
                        assertThat(key.isBlank() || !message.contains(key)).isTrue());
    }

    @Test
    void noKeysAndKeysWithoutNameAreRefused() {
        assertThatThrownBy(() -> PresharedKeys.of(Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PresharedKeys.of(Map.of("", "key"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsNoKey() {
        assertThat(PresharedKeys.of(Map.of("a", "secret-key"))).hasToString("PresharedKeys[a]");
    }
}
