package dev.masque.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** A rule is one or is refused with a message that shows it. Replays the corpus in the build. */
class AccessRuleFuzzTest {
    @FuzzTest
    void rule(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        AccessRule rule;
        try {
            rule = AccessRule.parse(true, text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        assertThat(rule.toString()).isNotEmpty();
        assertThat(AccessPolicy.builder().allow(text).deny(text).build().toString())
                .isNotEmpty();
    }
}
