package dev.masque.server.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoSigningKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttestationKeyRingTest {
    private final SettableClock clock = new SettableClock("2026-11-20T10:20:30Z");
    private final GeoSigningKey first = GeoSigningKey.generate();
    private final GeoSigningKey second = GeoSigningKey.generate();
    private final AttestationKeyRing ring = AttestationKeyRing.builder(first)
            .window(Duration.ofHours(1))
            .lead(Duration.ofHours(2))
            .clock(clock)
            .build();

    private GeoAttestation attest() {
        return ring.attester().attest(GeoHint.of("u4pru", "DK"), "b.example:443");
    }

    @Test
    void aNewKeyIsPublishedBeforeItSigns() {
        ring.rotate(second);
        assertThat(ring.published().keyIds()).containsExactly(first.id(), second.id());
        assertThat(attest().keyId()).isEqualTo(first.id());
        clock.advance(Duration.ofHours(2));
        assertThat(attest().keyId()).isEqualTo(second.id());
    }

    @Test
    void theKeyBeforeStaysPublishedUntilWhatItSignedHasEnded() {
        ring.rotate(second);
        clock.advance(Duration.ofHours(2).minusSeconds(1));
        GeoAttestation last = attest();
        assertThat(last.keyId()).isEqualTo(first.id());
        while (clock.instant().isBefore(last.notAfter())) {
            assertThat(ring.published().keyIds()).contains(first.id());
            clock.advance(Duration.ofMinutes(5));
        }
        clock.advance(Duration.ofHours(1));
        assertThat(ring.published().keyIds()).containsExactly(second.id());
        assertThat(attest().keyId()).isEqualTo(second.id());
    }

    @Test
    void theSameKeyAgainChangesNothing() {
        ring.rotate(first);
        ring.rotate(second);
        ring.rotate(second);
        assertThat(ring.published().keyIds()).containsExactly(first.id(), second.id());
    }

    @Test
    void rotatingTooOftenIsRefused() {
        for (int i = 0; i < 7; i++) {
            ring.rotate(GeoSigningKey.generate());
        }
        assertThatThrownBy(() -> ring.rotate(second)).isInstanceOf(IllegalStateException.class);
        clock.advance(Duration.ofDays(1));
        ring.rotate(second);
        assertThat(ring.published().keyIds()).hasSize(2);
    }
}
