package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.OhttpException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A gateway's key configurations, as a {@link KeySource} found them.
 *
 * @param content {@code application/ohttp-keys}; each call a view of its own
 * @param fresh how long they may be used without looking again
 */
public record KeyList(ByteBuffer content, Duration fresh) {
    /** Keeps a copy. */
    public KeyList {
        content = ByteBuffer.allocate(content.remaining())
                .put(content.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    /**
     * The configurations.
     *
     * @return read-only; each call a view of its own
     */
    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }

    /** The gateway's first that can be used here. */
    KeyConfig choose() throws OhttpRequestException {
        try {
            return KeyConfig.parseList(content()).stream()
                    .filter(KeyConfig::isUsable)
                    .findFirst()
                    .orElseThrow(() -> new OhttpRequestException(
                            OhttpRequestException.Party.KEYS, "no key configuration that can be used", null));
        } catch (OhttpException e) {
            throw new OhttpRequestException(OhttpRequestException.Party.KEYS, "malformed key configurations", e);
        }
    }
}
