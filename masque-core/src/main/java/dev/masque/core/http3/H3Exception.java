package dev.masque.core.http3;

import dev.masque.core.MalformedException;
import org.jspecify.annotations.Nullable;

/** The peer broke a rule of HTTP/3: a connection error or a stream error, RFC 9114, 8. */
public final class H3Exception extends MalformedException {
    private static final long serialVersionUID = 1L;

    /** The error code. */
    private final long code;

    /** Whether the whole connection is at fault. */
    private final boolean ofConnection;

    private H3Exception(long code, boolean ofConnection, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.ofConnection = ofConnection;
    }

    /**
     * An error of the connection.
     *
     * @param code of RFC 9114, 8.1
     * @param message a phrase without anything of the peer's
     * @return the exception
     */
    public static H3Exception connection(long code, String message) {
        return new H3Exception(code, true, message, null);
    }

    /**
     * An error of one stream.
     *
     * @param code of RFC 9114, 8.1
     * @param message a phrase without anything of the peer's
     * @return the exception
     */
    public static H3Exception stream(long code, String message) {
        return new H3Exception(code, false, message, null);
    }

    static H3Exception malformed(String message) {
        return stream(H3.MESSAGE_ERROR, message);
    }

    static H3Exception malformed(String message, Throwable cause) {
        return new H3Exception(H3.MESSAGE_ERROR, false, message, cause);
    }

    /**
     * The error code.
     *
     * @return that goes to the peer
     */
    public long code() {
        return code;
    }

    /**
     * Whether the whole connection is at fault.
     *
     * @return false if one stream is
     */
    public boolean isOfConnection() {
        return ofConnection;
    }
}
