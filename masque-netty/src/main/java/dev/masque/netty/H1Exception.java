package dev.masque.netty;

import dev.masque.core.MalformedException;
import org.jspecify.annotations.Nullable;

/** A message of HTTP/1.1 that is not acceptable. */
final class H1Exception extends MalformedException {
    private static final long serialVersionUID = 1L;

    /** What a server answers. */
    private final int status;

    H1Exception(int status, String message) {
        this(status, message, null);
    }

    H1Exception(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }
}
