package dev.masque.privacypass;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keys of an issuer as files that their owner alone can read: PKCS #8 in PEM with the type and times in front (RFC 7468, 2
 * and 5.2). A file is there as a whole or not at all.
 */
final class KeyFile {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private KeyFile() {}

    static String format(IssuerKey key) {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "Token-Type: " + key.tokenKey().type()
                + "\nNot-Before: " + key.notBefore()
                + "\nSigns-Until: " + key.signsUntil()
                + "\nExpires: " + key.expires()
                + "\n" + BEGIN
                + "\n" + base64.encodeToString(Pkcs8.encode(key.half()))
                + "\n" + END + "\n";
    }

    static IssuerKey parse(String text) throws InvalidKeyException {
        Map<String, String> lines = new HashMap<>();
        StringBuilder body = new StringBuilder();
        boolean inside = false;
        for (String line : text.lines().map(String::strip).toList()) {
            int colon = line.indexOf(": ");
            if (line.equals(BEGIN) || line.equals(END)) {
                inside = line.equals(BEGIN);
            } else if (inside) {
                body.append(line);
            } else if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        try {
            return IssuerKey.ofPkcs8(
                    new TokenType(Integer.decode(lines.getOrDefault("Token-Type", ""))),
                    Base64.getDecoder().decode(body.toString()),
                    Instant.parse(lines.getOrDefault("Not-Before", "")),
                    Instant.parse(lines.getOrDefault("Signs-Until", "")),
                    Instant.parse(lines.getOrDefault("Expires", "")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidKeyException("not a key file"); // without what was read
        }
    }

    /** The keys of a directory, which is made if it is not there. */
    static List<IssuerKey> load(Path directory) throws IOException {
        Files.createDirectories(directory, permissions(directory, "rwx------"));
        List<IssuerKey> keys = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".pem"))
                    .sorted()
                    .toList()) {
                try {
                    keys.add(parse(Files.readString(file, StandardCharsets.US_ASCII)));
                } catch (InvalidKeyException e) {
                    throw new IOException("not a key of an issuer: " + file, e);
                }
            }
        }
        return keys;
    }

    static void save(Path directory, IssuerKey key) throws IOException {
        Path part = Files.createTempFile(directory, "key", ".part", permissions(directory, "rw-------"));
        try {
            Files.writeString(
                    part, format(key), StandardCharsets.US_ASCII, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(part, directory.resolve(name(key)), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    static void delete(Path directory, IssuerKey key) throws IOException {
        Files.deleteIfExists(directory.resolve(name(key)));
    }

    private static String name(IssuerKey key) {
        return key.tokenKey().type() + "-" + key.notBefore().getEpochSecond() + "-"
                + key.tokenKey().id().toString().substring(48) + ".pem";
    }

    private static FileAttribute<?>[] permissions(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
