package dev.masque.privacypass.attest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Clients show a name and password, as {@code Authorization: Basic}, that are in a file of {@code name:hash} lines with
 * bcrypt or argon2 hashes (as {@code htpasswd -B} writes). The file is read again when it has changed. Thread-safe; a call
 * computes for a tenth of a second or so, on as many threads as there are processors. RFC 7617.
 */
public final class Basic implements AttestationMethod {
    /** The file at one time. */
    private record Accounts(FileTime time, Map<String, PasswordHash> hashes) {}

    private final Path file;
    private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());
    private volatile Accounts accounts;

    private Basic(Path file, Accounts accounts) {
        this.file = file;
        this.accounts = accounts;
    }

    /**
     * Accounts of a file.
     *
     * @param file lines of {@code name:hash}; empty ones and those with {@code #} in front do not count
     * @return the method
     * @throws IOException if the file cannot be read, or a line is something else
     */
    public static Basic of(Path file) throws IOException {
        return new Basic(file, read(file));
    }

    @Override
    public Optional<String> attest(Evidence evidence) {
        Optional<String> pair = evidence.credentials("Basic").flatMap(Basic::decode);
        int colon = pair.map(text -> text.indexOf(':')).orElse(-1);
        if (colon < 1) {
            return Optional.empty();
        }
        String name = pair.get().substring(0, colon);
        Map<String, PasswordHash> hashes = current();
        PasswordHash known = hashes.get(name);
        // a name that is not there takes as long as one that is
        PasswordHash hash =
                known != null ? known : hashes.values().stream().findFirst().orElse(password -> false);
        processors.acquireUninterruptibly();
        try {
            boolean matches = hash.matches(pair.get().substring(colon + 1));
            return matches && known != null ? Optional.of(name) : Optional.empty();
        } finally {
            processors.release();
        }
    }

    @Override
    public Optional<String> challenge() {
        return Optional.of("Basic realm=\"attester\", charset=\"UTF-8\"");
    }

    private Map<String, PasswordHash> current() {
        Accounts last = accounts;
        try {
            if (!Files.getLastModifiedTime(file).equals(last.time)) {
                accounts = last = read(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file of passwords cannot be read", e);
        }
        return last.hashes;
    }

    private static Accounts read(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Map<String, PasswordHash> hashes = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            int colon = line.indexOf(':');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                hashes.put(
                        line.substring(0, Math.max(colon, 0)),
                        PasswordHash.parse(line.substring(colon + 1).strip()));
            } catch (IllegalArgumentException e) {
                throw new IOException("line " + number + " of " + file + ": " + e.getMessage());
            }
        }
        return new Accounts(time, Map.copyOf(hashes));
    }

    private static Optional<String> decode(String credentials) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
