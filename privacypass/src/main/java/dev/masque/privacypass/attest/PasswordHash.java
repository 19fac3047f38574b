package dev.masque.privacypass.attest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Hashes of passwords as htpasswd and argon2 write them. Immutable; shows nothing. */
interface PasswordHash {
    /** Whether a password is the one that was hashed. Takes a tenth of a second or so, as it shall. */
    boolean matches(String password);

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException if it is of another kind, or its cost is out of all reason; says nothing of it
     */
    static PasswordHash parse(String hash) {
        return hash.startsWith("$argon2") ? Argon2.parse(hash) : Bcrypt.parse(hash);
    }

    /** {@code $2y$10$...}, cost 4 to 14. */
    final class Bcrypt implements PasswordHash {
        private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");

        private final String hash;

        private Bcrypt(String hash) {
            this.hash = hash;
        }

        static PasswordHash parse(String hash) {
            if (!FORM.matcher(hash).matches()) {
                throw new IllegalArgumentException("not a bcrypt or argon2 hash");
            }
            return new Bcrypt(hash);
        }

        @Override
        public boolean matches(String password) {
            return OpenBSDBCrypt.checkPassword(hash, password.toCharArray());
        }
    }

    /** {@code $argon2id$v=19$m=65536,t=3,p=4$salt$hash}, and argon2i, argon2d. */
    final class Argon2 implements PasswordHash {
        private static final Pattern FORM = Pattern.compile("\\$argon2(id|i|d)\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),"
                + "p=([0-9]{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
        private static final int MOST_MEMORY_KIB = 1 << 20;

        private final Argon2Parameters parameters;
        private final byte[] hash;

        private Argon2(Argon2Parameters parameters, byte[] hash) {
            this.parameters = parameters;
            this.hash = hash;
        }

        static PasswordHash parse(String hash) {
            Matcher form = FORM.matcher(hash);
            if (!form.matches()) {
                throw new IllegalArgumentException("not a bcrypt or argon2 hash");
            }
            int memory = Integer.parseInt(form.group(2));
            int rounds = Integer.parseInt(form.group(3));
            int lanes = Integer.parseInt(form.group(4));
            if (memory > MOST_MEMORY_KIB || memory < 8 * lanes || rounds < 1 || lanes < 1) {
                throw new IllegalArgumentException("an argon2 hash out of all reason");
            }
            int kind = switch (form.group(1)) {
                case "id" -> Argon2Parameters.ARGON2_id;
                case "i" -> Argon2Parameters.ARGON2_i;
                default -> Argon2Parameters.ARGON2_d;
            };
            Argon2Parameters parameters = new Argon2Parameters.Builder(kind)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memory)
                    .withIterations(rounds)
                    .withParallelism(lanes)
                    .withSalt(Base64.getDecoder().decode(form.group(5)))
                    .build();
            return new Argon2(parameters, Base64.getDecoder().decode(form.group(6)));
        }

        @Override
        public boolean matches(String password) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(parameters);
            byte[] computed = new byte[hash.length];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), computed);
            return MessageDigest.isEqual(computed, hash);
        }
    }
}
