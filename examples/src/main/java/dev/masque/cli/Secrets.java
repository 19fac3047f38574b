package dev.masque.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Pre-shared keys from files and the environment; never from the command line, which every user of a machine can read. */
final class Secrets {
    static final String VARIABLE = "MASQUE_PRESHARED_KEY";

    private static final long MAX_FILE = 4096;

    private Secrets() {}

    /** The key in a file: its only line. */
    static String read(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new IOException(file + " is too large for a pre-shared key");
            }
            String key = Files.readString(file).strip();
            if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IOException(file + " holds no pre-shared key: one line of visible ASCII characters");
            }
            return key;
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }
}
