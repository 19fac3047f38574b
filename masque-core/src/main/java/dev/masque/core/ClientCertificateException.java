package dev.masque.core;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A proxy asks for a certificate that the client has not shown, or does not accept the one that it did (RFC 8446, 6.2). */
public final class ClientCertificateException extends NextHopException {
    private static final long serialVersionUID = 1L;

    private static final Set<String> ALERTS = Set.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied",
            "certificate_required");
    private static final Set<Integer> CODES = Set.of(42, 43, 44, 45, 46, 48, 49, 116);

    /**
     * A refusal by the proxy.
     *
     * @param cause the alert
     */
    public ClientCertificateException(@Nullable Throwable cause) {
        super(
                ProxyErrorType.TLS_ALERT_RECEIVED,
                "the proxy asks for a client certificate, or does not accept the one that was shown",
                cause);
    }

    /**
     * Whether an alert that a server sends is about the client's certificate.
     *
     * @param alert the AlertDescription, RFC 8446, 6
     * @return true if so
     */
    public static boolean isMeant(int alert) {
        return CODES.contains(alert);
    }

    /**
     * Whether the message of a TLS library about an alert of a server is about the client's certificate.
     *
     * @param alert a message with the name of the alert
     * @return true if so
     */
    public static boolean isMeant(String alert) {
        String text = alert.toLowerCase(Locale.ROOT);
        return ALERTS.stream().anyMatch(text::contains);
    }
}
