package dev.masque.core.tls;

import dev.masque.core.Bytes;
import dev.masque.core.tls.IdentityException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the blocks of PEM, RFC 7468, and private keys in PKCS#8. Without state. */
final class Pem {
    private static final Logger LOG = LoggerFactory.getLogger(Pem.class);
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /** What stands between two lines. */
    record Block(String label, Bytes content) {}

    /** The first private key of a file. */
    static Block privateKey(Path file) throws IdentityException {
        for (Block block : blocks(file, Problem.KEY)) {
            if (block.label.equals("PRIVATE KEY")) {
                return block;
            }
            if (block.label.endsWith("PRIVATE KEY")) {
                throw otherForm(file, block.label);
            }
        }
        throw new IdentityException(Problem.KEY, "no BEGIN PRIVATE KEY in " + file, null);
    }

    private static IdentityException otherForm(Path file, String label) {
        return label.equals("ENCRYPTED PRIVATE KEY")
                ? new IdentityException(
                        Problem.PASSWORD,
                        "the private key in " + file + " is encrypted; decrypt it with: openssl pkcs8 -in " + file
                                + " -out key.pem",
                        null)
                : new IdentityException(
                        Problem.KEY_FORMAT,
                        "the private key in " + file + " is a " + label
                                + ", not PKCS#8; convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file
                                + " -out key.pem",
                        null);
    }

    /** Most certificates say what kind the key is; the others are tried. */
    static PrivateKey pkcs8(Path file, Block block, String likely) throws IdentityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(block.content.toArray());
        for (String algorithm : new LinkedHashSet<>(Arrays.asList(likely, "RSA", "EC", "EdDSA", "RSASSA-PSS"))) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
                LOG.trace("not a key of {}", algorithm); // the next kind
            }
        }
        throw new IdentityException(
                Problem.KEY, "the private key in " + file + " is broken or of an unknown kind", null);
    }

    static List<Block> blocks(Path file, Problem problem) throws IdentityException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(read(file));
        while (matcher.find()) {
            String label = matcher.group(1);
            String body = matcher.group(2);
            if (body.indexOf(':') >= 0) {
                blocks.add(new Block(
                        label, Bytes.copyOf(new byte[0]))); // old encrypted form with headers: the label says enough
                continue;
            }
            try {
                blocks.add(new Block(label, Bytes.copyOf(Base64.getMimeDecoder().decode(body))));
            } catch (IllegalArgumentException e) {
                throw new IdentityException(problem, "broken base64 in " + file, null);
            }
        }
        return blocks;
    }

    private static String read(Path file) throws IdentityException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw IdentityException.unreadable(file, e);
        }
    }
}
