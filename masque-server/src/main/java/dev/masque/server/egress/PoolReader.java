package dev.masque.server.egress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads a file of egress pools, such as {@link Geofeed#read}. Called on a thread that may block. */
@FunctionalInterface
public interface PoolReader {
    /**
     * Reads a file.
     *
     * @param file the file
     * @return its pools, in their order
     * @throws IOException if it cannot be read or used; the message says where it is wrong
     */
    List<EgressPool> read(Path file) throws IOException;
}
