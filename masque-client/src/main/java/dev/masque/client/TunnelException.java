package dev.masque.client;

import dev.masque.core.MasqueException;
import dev.masque.core.ProxyErrorType;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel could not be opened, or broke. Says at which step, what the proxy said (RFC 9209) and whether it makes sense to try
 * again.
 */
public class TunnelException extends MasqueException {
    private static final long serialVersionUID = 1L;

    /** How far it got. */
    private final TunnelStep step;

    /** Whether to try again. */
    private final boolean retryable;

    /** What the proxy said, or what corresponds to it. */
    private final Detail detail;

    /**
     * What is known beside the step.
     *
     * @param status the status of the proxy's response, 0 if there was none
     * @param error the RFC 9209 type, or null
     * @param rcode what the DNS answered to the proxy, or null
     * @param retryAfter when to try again, or null
     * @param hop which proxy it is about, 0 if nobody has said so yet
     */
    record Detail(
            int status,
            @Nullable ProxyErrorType error,
            @Nullable String rcode,
            @Nullable Duration retryAfter,
            int hop) implements java.io.Serializable {
        static final Detail NONE = new Detail(0, null, null, null, 0);

        static Detail of(@Nullable ProxyErrorType error) {
            return error == null ? NONE : new Detail(0, error, null, null, 0);
        }

        Detail at(int number) {
            return new Detail(status, error, rcode, retryAfter, number);
        }
    }

    /**
     * A failure that is no answer of the proxy.
     *
     * @param step how far it got
     * @param retryable whether the same call may succeed later
     * @param message what failed, without target and credential
     * @param cause what led to it, or null
     */
    public TunnelException(TunnelStep step, boolean retryable, String message, @Nullable Throwable cause) {
        this(step, retryable, message, Detail.NONE, cause);
    }

    TunnelException(TunnelStep step, boolean retryable, String message, Detail detail, @Nullable Throwable cause) {
        super(message, cause);
        this.step = step;
        this.retryable = retryable;
        this.detail = detail;
    }

    /** The same with the stack of the caller: what fails is made on other threads, and may be shared. */
    final TunnelException here() {
        return copy(String.valueOf(getMessage()), detail, this);
    }

    /** The same with the hop that it is about; in a chain the message says it, too. */
    final TunnelException at(HopPlace place) {
        String text = String.valueOf(getMessage());
        String named = place.of() == 1 ? text : "hop " + place.number() + " of " + place.of() + ": " + text;
        TunnelException copy = copy(named, detail.at(place.number()), getCause());
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    TunnelException copy(String message, Detail changed, @Nullable Throwable cause) {
        return new TunnelException(step, retryable, message, changed, cause);
    }

    /**
     * Which proxy it is about.
     *
     * @return 1 for the first, or only, proxy; 2 for the second of a chain; 0 if it is about none, such as a closed client
     */
    public int hop() {
        return detail.hop;
    }

    /**
     * How far it got.
     *
     * @return the step that failed
     */
    public TunnelStep step() {
        return step;
    }

    /**
     * What the proxy gave as the reason, or the type that names what happened on the way to it.
     *
     * @return the RFC 9209 error type; empty if there is none, or this version does not know it
     */
    public Optional<ProxyErrorType> proxyError() {
        return Optional.ofNullable(detail.error);
    }

    /**
     * What the proxy answered.
     *
     * @return the status of its response, empty if there was none
     */
    public OptionalInt status() {
        return detail.status == 0 ? OptionalInt.empty() : OptionalInt.of(detail.status);
    }

    /**
     * What the DNS answered to the proxy.
     *
     * @return a code such as {@code NXDOMAIN}, empty if the proxy gave none
     */
    public Optional<String> rcode() {
        return Optional.ofNullable(detail.rcode);
    }

    /**
     * Whether the same call may succeed later. Nothing was sent to a target, so that trying again is safe.
     *
     * @return false if something has to change first, or the tunnel was in use
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * When to try again.
     *
     * @return the proxy's {@code Retry-After}, empty if it gave none
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(detail.retryAfter);
    }

    final Detail detail() {
        return detail;
    }
}
