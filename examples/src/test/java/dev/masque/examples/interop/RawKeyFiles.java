package dev.masque.examples.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;

/** Key pairs in files: the private key in {@code file}, the public one in {@code file.pub}. */
public final class RawKeyFiles {
    private RawKeyFiles() {}

    /** The file of a new key. */
    public static Path ed25519(Path file) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return write(file, pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    }

    /** The file of a new key. */
    public static Path p256(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] bare = pair.getPrivate().getEncoded();
        byte[] info = pair.getPublic().getEncoded();
        HexFormat hex = HexFormat.of();
        // with its public key inside, as OpenSSL writes it: GnuTLS does not read the form of the JDK
        byte[] whole = hex.parseHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"
                + hex.formatHex(bare, bare.length - 32, bare.length)
                + "a14403420004"
                + hex.formatHex(info, info.length - 64, info.length));
        return write(file, whole, info);
    }

    static String publicOf(Path file) {
        return file + ".pub";
    }

    private static Path write(Path file, byte[] key, byte[] info) throws IOException {
        String publicKey = pem("PUBLIC KEY", info);
        Files.writeString(Path.of(publicOf(file)), publicKey);
        return Files.writeString(file, pem("PRIVATE KEY", key));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
