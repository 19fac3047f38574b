package dev.masque.core;

/** Raw public keys (RFC 7250) are asked of something that has none; the message says what is missing, such as a library. */
public final class RawKeysException extends NextHopException {
    private static final long serialVersionUID = 1L;

    /** What is missing. */
    private final String reason;

    /**
     * Nothing was sent, and no port bound.
     *
     * @param reason what is missing
     */
    public RawKeysException(String reason) {
        super(ProxyErrorType.PROXY_CONFIGURATION_ERROR, reason, null);
        this.reason = reason;
    }

    /**
     * Of a transport over QUIC.
     *
     * @return the failure, with what to do about it
     */
    public static RawKeysException onQuic() {
        return new RawKeysException("no raw public keys over QUIC; leave out HTTP/3");
    }

    /**
     * What is missing.
     *
     * @return a sentence for an operator
     */
    public String reason() {
        return reason;
    }
}
