package dev.masque.privacypass.attest;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Function;

/**
 * Clients show a certificate in TLS, which the server that this runs in has checked. Thread-safe if the function is.
 */
public final class MutualTls implements AttestationMethod {
    private final Function<X509Certificate, Optional<String>> account;

    private MutualTls(Function<X509Certificate, Optional<String>> account) {
        this.account = account;
    }

    /**
     * Every client with a certificate, by the name in it.
     *
     * @return the method
     */
    public static MutualTls bySubject() {
        return of(
                certificate -> Optional.of(certificate.getSubjectX500Principal().getName()));
    }

    /**
     * Clients by something in their certificate.
     *
     * @param account tells the account of a certificate; empty if it has none
     * @return the method
     */
    public static MutualTls of(Function<X509Certificate, Optional<String>> account) {
        return new MutualTls(account);
    }

    @Override
    public Optional<String> attest(Evidence evidence) {
        return evidence.certificates().isEmpty()
                ? Optional.empty()
                : account.apply(evidence.certificates().get(0));
    }
}
