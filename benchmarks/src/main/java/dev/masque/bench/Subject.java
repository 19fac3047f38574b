package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.io.IOException;
import java.time.Duration;

/** A proxy under test, in processes of its own. */
interface Subject extends AutoCloseable {
    /** How the table calls it. */
    String name();

    /** What software it is; empty if it is of this build. */
    default String version() throws IOException {
        return "";
    }

    /** Where it listens on loopback. */
    int port();

    /** What a client has to send with each request. */
    HeaderFields fields();

    /** How much processor time its processes have used. */
    Duration cpu();

    /** How much memory its processes have of the machine, in bytes. */
    long resident() throws IOException;

    @Override
    void close() throws IOException;
}
