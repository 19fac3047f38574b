package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.time.Duration;

/**
 * The targets without a proxy in between, and without TLS.
 *
 * @param targets which are in this process
 */
record Direct(Targets targets) implements Subject {
    @Override
    public String name() {
        return "no proxy, no TLS";
    }

    @Override
    public int port() {
        return targets.port(Targets.Kind.ECHO);
    }

    @Override
    public HeaderFields fields() {
        return HeaderFields.empty();
    }

    @Override
    public Duration cpu() {
        return Duration.ZERO;
    }

    @Override
    public long resident() {
        return 0;
    }

    @Override
    public void close() {}
}
