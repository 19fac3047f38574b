package dev.masque.core;

import org.jspecify.annotations.Nullable;

/** A next hop could not be resolved or reached, for a reason that RFC 9209 has a name for. */
public class NextHopException extends MasqueException {
    private static final long serialVersionUID = 1L;

    /** The RFC 9209 error type. */
    private final ProxyErrorType type;

    /** The DNS response code. */
    @Nullable private final String rcode;

    /**
     * A failure to reach a next hop.
     *
     * @param type the RFC 9209 error type
     * @param message our own phrase, without names and addresses
     * @param cause what led to it, or null
     */
    public NextHopException(ProxyErrorType type, String message, @Nullable Throwable cause) {
        this(type, null, message, cause);
    }

    /**
     * A failure to resolve a name.
     *
     * @param type the RFC 9209 error type
     * @param rcode the DNS response code such as {@code NXDOMAIN}, or null if there was no response
     * @param message our own phrase, without names and addresses
     * @param cause what led to it, or null
     */
    public NextHopException(ProxyErrorType type, @Nullable String rcode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
        this.rcode = rcode;
    }

    /**
     * Why the next hop could not be reached.
     *
     * @return the RFC 9209 error type
     */
    public ProxyErrorType type() {
        return type;
    }

    /**
     * What the DNS answered.
     *
     * @return the response code such as {@code NXDOMAIN}, null if the failure is not an answer of the DNS
     */
    @Nullable public String rcode() {
        return rcode;
    }
}
