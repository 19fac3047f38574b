package dev.masque.netty;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Set;

/**
 * Says in the words of BoringSSL that a chain is refused, so that the peer is told with an alert about its certificate (RFC 8446,
 * 6.2); Netty has words for a few reasons only, and makes the others
 * internal_error, or decode_error over QUIC. Stateless.
 */
final class ChainRefusal {
    private static final int CERT_REJECTED = 28; // X509_V_ERR_CERT_REJECTED, which becomes bad_certificate
    private static final Set<BasicReason> KNOWN =
            Set.of(BasicReason.EXPIRED, BasicReason.NOT_YET_VALID, BasicReason.REVOKED);

    private ChainRefusal() {}

    static CertificateException of(CertificateException refusal) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException
                    || cause instanceof CertificateNotYetValidException
                    || cause instanceof CertPathValidatorException path
                            && path.getReason() instanceof BasicReason reason
                            && KNOWN.contains(reason)) {
                return refusal;
            }
        }
        return new OpenSslCertificateException(refusal, CERT_REJECTED);
    }
}
