package dev.masque.core.tls;

import dev.masque.core.MasqueException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A certificate or private key cannot be used; the message says what to do about it, and shows nothing of the key. */
public final class IdentityException extends MasqueException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Problem {
        /** A file cannot be read. */
        UNREADABLE,
        /** There is no certificate, or it is broken. */
        CERTIFICATE,
        /** There is no private key, or it is broken. */
        KEY,
        /** The private key is in a form that the JDK does not read. */
        KEY_FORMAT,
        /** The private key is encrypted, or the password is wrong. */
        PASSWORD,
        /** The private key is not that of the certificate. */
        MISMATCH
    }

    /** What is wrong. */
    private final Problem problem;

    IdentityException(Problem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    static IdentityException unreadable(Path file, IOException cause) {
        return new IdentityException(Problem.UNREADABLE, "cannot read " + file, cause);
    }

    /**
     * What is wrong.
     *
     * @return the kind of problem
     */
    public Problem problem() {
        return problem;
    }
}
