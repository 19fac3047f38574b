package dev.masque.ohttp.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.masque.ohttp.GatewayKey;
import dev.masque.ohttp.KeyType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A file of keys that its owner alone reads and writes (0600). It is replaced whole and on stable storage, so that a crash leaves
 * the old one or the new one. A first line names the format; then a key a line: identifier, type, generation, seconds since
 * the epoch, private key. No exception quotes it. For one process, and one thread at a time.
 */
final class KeyStore {
    private static final String FORMAT = "masque-ohttp-keys 1";
    private static final int FIELDS = 5;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;

    KeyStore(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** The keys, newest generation first; none if there is no file. */
    List<KeptKey> load() throws IOException {
        List<String> lines;
        try {
            checkOwner();
            lines = Files.readAllLines(file, US_ASCII);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (CharacterCodingException e) {
            throw damaged();
        }
        if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
            throw damaged();
        }
        List<KeptKey> keys = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            keys.add(read(line));
        }
        if (keys.stream().map(key -> key.key().config().keyId()).distinct().count() != keys.size()) {
            throw damaged();
        }
        return keys;
    }

    void save(List<KeptKey> keys) throws IOException {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        for (KeptKey key : keys) {
            ByteBuffer exported = key.key().exportPrivateKey();
            byte[] secret = new byte[exported.remaining()];
            exported.get(secret);
            text.append(key.key().config().keyId())
                    .append(' ')
                    .append(key.key().type())
                    .append(' ')
                    .append(key.generation())
                    .append(' ')
                    .append(key.created().getEpochSecond())
                    .append(' ')
                    .append(HexFormat.of().formatHex(secret))
                    .append('\n');
        }
        Path directory = file.getParent();
        Files.createDirectories(directory);
        Path next = Files.createTempFile(directory, ".ohttp-keys", ".new"); // 0600 where there are such permissions
        try {
            try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = US_ASCII.encode(text.toString());
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private KeptKey read(String line) throws IOException {
        String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS) {
            throw damaged();
        }
        try {
            ByteBuffer secret = ByteBuffer.wrap(HexFormat.of().parseHex(fields[4]));
            GatewayKey key = GatewayKey.restore(Integer.parseInt(fields[0]), KeyType.valueOf(fields[1]), secret);
            return new KeptKey(key, Long.parseLong(fields[2]), Instant.ofEpochSecond(Long.parseLong(fields[3])));
        } catch (IllegalArgumentException | IOException | DateTimeException e) {
            throw damaged(); // without the cause, which may quote the line
        }
    }

    private void checkOwner() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null && !OWNER.containsAll(view.readAttributes().permissions())) {
            throw new IOException("the key store can be read or written by others: " + file);
        }
    }

    private IOException damaged() {
        return new IOException("the key store is damaged: " + file);
    }
}
