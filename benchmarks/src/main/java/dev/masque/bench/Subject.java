package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.io.IOException;
import java.time.Duration;

/** A proxy under test, in processes of its own. */
interface Subject extends AutoCloseable {
    /** How the table calls it. */
    String name();

    /** Where it listens on loopback. */
    int port();

    /** What a client has to send with each request. */
    HeaderFields fields();

    /** How much processor time its processes have used. */
    Duration cpu();

    @Override
    void close() throws IOException;
}
