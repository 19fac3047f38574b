package dev.masque.examples.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Key pairs in files: the private key and the public one in {@code file}, the public one alone in {@code file.pub}. */
public final class RawKeyFiles {
    private RawKeyFiles() {}

    /** The file of a new key. */
    public static Path ed25519(Path file) throws IOException, GeneralSecurityException {
        return write(file, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    }

    /** The file of a new key. */
    public static Path p256(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return write(file, generator.generateKeyPair());
    }

    static String publicOf(Path file) {
        return file + ".pub";
    }

    private static Path write(Path file, KeyPair pair) throws IOException {
        String publicKey = pem("PUBLIC KEY", pair.getPublic().getEncoded());
        Files.writeString(Path.of(publicOf(file)), publicKey);
        return Files.writeString(file, pem("PRIVATE KEY", pair.getPrivate().getEncoded()) + publicKey);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
