package dev.masque.privacypass.wallet;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.Extensions;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.Token;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Tokens in a file: a name of the format, a random nonce, and the tokens under AES-GCM. Read once: reading takes the file
 * away. For one thread.
 */
final class WalletFile {
    private static final byte[] FORMAT = "masque wallet 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final SecretKey key;

    WalletFile(Path path, SecretKey key) {
        this.path = path;
        this.key = key;
    }

    /** Takes all tokens out; none if there is no file. */
    List<Held> take() throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        int start = FORMAT.length + NONCE;
        if (content.length < start || !Arrays.equals(content, 0, FORMAT.length, FORMAT, 0, FORMAT.length)) {
            throw new IOException("not a wallet: " + path);
        }
        List<Held> tokens;
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOfRange(content, FORMAT.length, start));
            tokens = read(cipher.doFinal(content, start, content.length - start));
        } catch (GeneralSecurityException e) {
            throw new IOException("a wallet that does not open with this key: " + path, e);
        }
        Files.delete(path);
        return tokens;
    }

    void put(List<Held> tokens) throws IOException {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        Path part = Files.createTempFile(
                path.toAbsolutePath().getParent(), path.getFileName().toString(), ".part", ownerOnly());
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(FORMAT);
            out.writeBytes(nonce);
            out.writeBytes(cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(write(tokens)));
            Files.write(part, out.toByteArray(), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (GeneralSecurityException e) {
            throw new IOException("the wallet cannot be encrypted", e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(FORMAT);
        return cipher;
    }

    private static byte[] write(List<Held> tokens) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(tokens.size());
        for (Held held : tokens) {
            out.writeLong(held.expires().getEpochSecond());
            write(out, held.token().encode());
            write(out, held.token().extensions().encode());
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Bytes value) throws IOException {
        out.writeInt(value.size());
        out.write(value.toArray());
    }

    private static List<Held> read(byte[] plain) throws IOException, MalformedException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain));
        List<Held> tokens = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Instant expires = Instant.ofEpochSecond(in.readLong());
            Bytes token = bytes(in);
            tokens.add(new Held(Token.decode(token, Extensions.decode(bytes(in))), expires));
        }
        return tokens;
    }

    private static Bytes bytes(DataInputStream in) throws IOException {
        return Bytes.copyOf(in.readNBytes(in.readInt()));
    }

    private FileAttribute<?>[] ownerOnly() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
