package dev.masque.client.pool;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;

/** What failures mean. Without state. */
final class Failures {
    private Failures() {}

    static boolean isTls(Throwable failure) {
        return failure instanceof NextHopException hop
                && (hop.type() == ProxyErrorType.TLS_CERTIFICATE_ERROR
                        || hop.type() == ProxyErrorType.TLS_PROTOCOL_ERROR
                        || hop.type() == ProxyErrorType.TLS_ALERT_RECEIVED);
    }
}
